// Incumbent and bound over time. uPlot is loaded by the page (lib/uplot).

import { FONT, tokens } from './canvas.js';

class Curve {
  constructor(host, options) {
    this.host = host;
    this.texts = options.texts;
    this.language = options.language;
    this.data = [[], [], []];
    this.build();
    this.onTheme = () => this.build();
    window.addEventListener('twin-theme', this.onTheme);
    this.observer = new ResizeObserver(() => this.plot?.setSize(this.size()));
    this.observer.observe(host);
  }

  size() {
    // The legend below the plot takes a line.
    return { width: Math.max(200, this.host.clientWidth), height: Math.max(160, this.host.clientHeight - 32) };
  }

  build() {
    this.plot?.destroy();
    const color = tokens();
    const number = new Intl.NumberFormat(this.language, { maximumFractionDigits: 1 });
    const axis = { stroke: color('ink-2'), grid: { stroke: color('grid'), width: 1 }, ticks: { stroke: color('grid'), width: 1 }, font: `11px ${FONT}` };
    const stepped = uPlot.paths.stepped({ align: 1 });
    const value = (_, v) => (v == null ? '–' : number.format(v));
    this.plot = new uPlot({
      ...this.size(),
      padding: [8, 12, 0, 0],
      cursor: { drag: { x: true, y: false } },
      legend: { live: true },
      scales: { x: { time: false, range: (_, low, high) => [0, Math.max(1, high ?? 1)] }, y: { range: (_, low, high) => this.range(low, high) } },
      axes: [
        { ...axis, space: 70, incrs: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600], values: (_, v) => v.map(s => `${number.format(s)} s`) },
        { ...axis, size: 64, values: (_, v) => v.map(n => number.format(n)) },
      ],
      series: [
        { label: this.texts.elapsed, value: (_, v) => (v == null ? '–' : `${number.format(v)} s`) },
        { label: this.texts.incumbent, stroke: color('accent'), width: 2.5, paths: stepped, value, points: { show: false }, spanGaps: true },
        { label: this.texts.bound, stroke: color('bar-risk'), width: 2, dash: [6, 4], paths: stepped, value, points: { show: true, size: 5 }, spanGaps: true },
      ],
    }, this.data, this.host);
    this.host.dataset.points = String(this.data[0].length);
  }

  range(low, high) {
    if (low == null || high == null) return [0, 1];
    const room = Math.max((high - low) * 0.08, Math.abs(high) * 0.01, 0.01);
    return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
  }

  set(seconds, incumbents, bounds) {
    this.data = [seconds, incumbents, bounds];
    this.plot.setData(this.data);
    this.host.dataset.points = String(seconds.length);
  }

  dispose() {
    this.observer.disconnect();
    window.removeEventListener('twin-theme', this.onTheme);
    this.plot.destroy();
  }
}

/** Starts a curve in a box. */
export function start(host, options) {
  const curve = new Curve(host, options);
  return {
    set: (seconds, incumbents, bounds) => curve.set(seconds, incumbents, bounds),
    retell: o => { curve.texts = o.texts; curve.language = o.language; curve.build(); },
    dispose: () => curve.dispose(),
  };
}
