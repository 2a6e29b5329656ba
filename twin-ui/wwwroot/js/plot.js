// Small charts: lines, steps and stacked areas over time or numbers. uPlot is loaded by the page (lib/uplot); Components/Plot.razor starts it.

import { FONT, tokens } from './canvas.js';
import { PlantClock } from './timescale.js';

class Plot {
  constructor(host, spec) {
    this.host = host;
    this.spec = spec;
    this.hidden = new Set();
    this.build();
    this.onTheme = () => this.build();
    window.addEventListener('twin-theme', this.onTheme);
    this.observer = new ResizeObserver(() => this.plot.setSize(this.size()));
    this.observer.observe(host);
  }

  size() {
    return { width: Math.max(180, this.host.clientWidth), height: Math.max(120, this.host.clientHeight - (this.spec.series.length > 0 ? 30 : 0)) };
  }

  set(spec) {
    const same = JSON.stringify(this.shape(spec)) === JSON.stringify(this.shape(this.spec));
    this.spec = spec;
    if (same) {
      this.plot.setData(this.data());
      this.host.dataset.points = String(spec.x.length);
    } else this.build();
  }

  shape(spec) {
    return [spec.kind, spec.language, spec.unit, spec.xLabel, spec.marks, spec.series.map(s => [s.label, s.color, s.style])];
  }

  /** Stacked series lie on top of each other: each is drawn up to the sum of those before it. */
  data() {
    const { x, series, stacked } = this.spec;
    if (!stacked) return [x, ...series.map(s => s.values)];
    const sum = new Array(x.length).fill(0);
    return [x, ...series.map(s => s.values.map((v, i) => (sum[i] += v ?? 0)))];
  }

  build() {
    this.plot?.destroy();
    const { spec } = this;
    const color = tokens();
    const ink = name => (name.startsWith('#') ? name : color(name));
    const number = new Intl.NumberFormat(spec.language, { maximumFractionDigits: 2 });
    const clock = spec.kind === 'time' ? new PlantClock(spec.epoch, spec.zone, spec.language) : null;
    const axis = { stroke: color('ink-2'), grid: { stroke: color('grid'), width: 1 }, ticks: { stroke: color('grid'), width: 1 }, font: `11px ${FONT}` };
    const xText = v => (v == null ? '–' : clock ? clock.moment(v) : `${number.format(v)}${spec.xUnit ? ` ${spec.xUnit}` : ''}`);
    const series = spec.series.map((s, k) => ({
      label: s.label,
      stroke: ink(s.color),
      width: spec.stacked ? 1 : 2,
      dash: s.style === 'dashed' ? [6, 4] : undefined,
      fill: spec.stacked || s.style === 'area' ? shade(ink(s.color), spec.stacked ? 0.75 : 0.25) : undefined,
      paths: s.style === 'points' ? () => null : s.style === 'steps' || spec.stacked ? uPlot.paths.stepped({ align: 1 }) : undefined,
      points: { show: s.style === 'points', size: 6, fill: ink(s.color) },
      spanGaps: true,
      value: (_, v, __, i) => {
        const own = i == null ? v : spec.series[k].values[i];
        return own == null ? '–' : `${number.format(own)}${spec.unit ? ` ${spec.unit}` : ''}`;
      },
    }));
    // Painted from the highest sum down, so that every band stays in sight.
    const order = spec.stacked ? series.map((_, k) => series.length - 1 - k) : series.map((_, k) => k);
    this.order = order;
    const data = this.data();
    this.plot = new uPlot({
      ...this.size(),
      padding: [8, 12, 0, 0],
      cursor: { drag: { x: true, y: false } },
      scales: { x: { time: false }, y: { range: (_, low, high) => this.range(low, high) } },
      axes: [
        { ...axis, space: 74, values: (u, v) => (clock ? this.timeWords(clock, u, v) : v.map(a => number.format(a))), incrs: clock ? [300, 900, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800, 1209600, 2419200] : undefined, label: spec.xLabel || undefined, labelSize: 18, labelFont: `11px ${FONT}`, size: 28 },
        { ...axis, size: 62, values: (_, v) => v.map(a => number.format(a)) },
      ],
      series: [{ label: spec.xLabel || spec.timeLabel, value: (_, v) => xText(v) }, ...order.map(k => series[k])],
      hooks: { draw: [u => this.marks(u, ink)] },
    }, [data[0], ...order.map(k => data[k + 1])], this.host);
    const setData = this.plot.setData.bind(this.plot);
    this.plot.setData = d => setData([d[0], ...order.map(k => d[k + 1])]);
    this.host.dataset.points = String(spec.x.length);
  }

  timeWords(clock, u, values) {
    const span = u.scales.x.max - u.scales.x.min;
    return values.map(v => (span > 2 * 86400 ? clock.dayName(v) : clock.timeOfDay(v)));
  }

  range(low, high) {
    if (low == null || high == null) return [0, 1];
    const most = Math.max(high, ...(this.spec.marks ?? []).map(m => m.value));
    const least = Math.min(0, low);
    return [least, most <= least ? least + 1 : most + (most - least) * (this.spec.marks?.length ? 0.14 : 0.06)];
  }

  /** Limits across the chart, with their words. */
  marks(u, ink) {
    const pen = u.ctx;
    for (const mark of this.spec.marks ?? []) {
      const y = u.valToPos(mark.value, 'y', true);
      pen.save();
      pen.strokeStyle = pen.fillStyle = ink(mark.color);
      pen.lineWidth = 1.5 * devicePixelRatio;
      pen.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
      pen.beginPath();
      pen.moveTo(u.bbox.left, y);
      pen.lineTo(u.bbox.left + u.bbox.width, y);
      pen.stroke();
      pen.font = `600 ${11 * devicePixelRatio}px ${FONT}`;
      pen.textAlign = 'right';
      pen.fillText(mark.label, u.bbox.left + u.bbox.width - 4 * devicePixelRatio, y - 4 * devicePixelRatio);
      pen.restore();
    }
  }

  dispose() {
    this.observer.disconnect();
    window.removeEventListener('twin-theme', this.onTheme);
    this.plot.destroy();
  }
}

function shade(hex, alpha) {
  return hex + Math.round(alpha * 255).toString(16).padStart(2, '0');
}

/** Starts a chart in a box. */
export function start(host, spec) {
  const plot = new Plot(host, spec);
  return { set: s => plot.set(s), dispose: () => plot.dispose() };
}
