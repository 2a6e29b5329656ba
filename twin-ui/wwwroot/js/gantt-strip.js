// The strip under the Gantt: load of a site or a utility over the same time, against its cap, in front of the tariff.

import { FONT } from './canvas.js';

const TALL = 92;

export class Strip {
  constructor(gantt) {
    this.g = gantt;
    this.key = '';
    this.height = 0;
    this.curve = null;
  }

  /** Shows a curve by its key; an empty one hides the strip. */
  show(key) {
    this.key = key;
    this.height = key ? TALL : 0;
    this.curve = null;
    this.g.clampTop();
    this.g.surface.invalidate();
    return this.load();
  }

  async load() {
    if (!this.key) return;
    const { key } = this;
    const answer = await fetch(`${this.g.plan.load}?curve=${encodeURIComponent(key)}`, { cache: 'no-store' });
    if (!answer.ok || key !== this.key) return;
    this.curve = await answer.json();
    this.g.canvas.dataset.strip = String(this.curve.planned.length);
    this.g.surface.invalidate();
  }

  value(values, seconds) {
    return values[Math.floor(seconds / 900) - this.curve.first] ?? null;
  }

  describe(x, y) {
    const { g, curve } = this;
    if (!curve || y < g.surface.height - this.height || x < g.gutter) return null;
    const at = g.secondsAt(x);
    const number = new Intl.NumberFormat(g.plan.language, { maximumFractionDigits: 1 });
    const line = (word, v) => (v == null ? '' : `${g.texts[word]}: ${number.format(v)} ${curve.unit}`);
    return [`${curve.name} · ${g.clock.moment(at)}`, line('gantt.strip.actual', this.value(curve.actual, at)), line('gantt.strip.planned', this.value(curve.planned, at)),
      line('gantt.strip.cap', curve.cap), this.priceAt(at) == null ? '' : `${g.texts['gantt.strip.price']}: ${number.format(this.priceAt(at))} ${curve.currency}/kWh`];
  }

  priceAt(seconds) {
    let price = null;
    for (const [from, p] of this.curve.prices) {
      if (from > seconds) break;
      price = p;
    }
    return price;
  }

  draw(context, scale) {
    const { g } = this;
    if (!this.height) return;
    const { width, height } = g.surface;
    const top = height - this.height;
    context.fillStyle = g.color('surface');
    context.fillRect(0, top, width, this.height);
    context.fillStyle = g.color('line');
    context.fillRect(0, top, width, 1);
    if (!this.curve) return;
    const { curve } = this;
    const from = g.view.left;
    const to = from + (width - g.gutter) * g.view.perPixel;
    const floor = height - 4;
    const room = this.height - 20;
    const most = Math.max(curve.cap ?? 0, ...curve.actual, ...curve.planned, 1) * 1.05;
    const y = v => floor - v / most * room;
    context.save();
    context.beginPath();
    context.rect(g.gutter, top + 1, width - g.gutter, this.height - 1);
    context.clip();
    this.drawPrices(context, from, to, top);
    context.fillStyle = g.color('grid');
    for (const tick of scale.ticks) context.fillRect(Math.round(g.x(tick.at)), top, 1, this.height);
    this.area(context, curve.actual, from, to, y, floor, g.color('accent'), 0.75);
    this.area(context, curve.planned, from, to, y, floor, g.color('accent'), 0.35);
    if (curve.cap != null) {
      context.fillStyle = g.color('bad');
      context.fillRect(g.gutter, Math.round(y(curve.cap)), width - g.gutter, 1.5);
    }
    context.fillStyle = g.color('now');
    context.fillRect(Math.round(g.x(g.now())) - 1, top, 2, this.height);
    context.restore();
    context.fillStyle = g.color('surface-2');
    context.fillRect(0, top + 1, g.gutter, this.height - 1);
    context.fillStyle = g.color('ink');
    context.font = `600 11px ${FONT}`;
    context.textBaseline = 'middle';
    context.fillText(curve.name, 12, top + 14);
    context.fillStyle = g.color('ink-2');
    context.font = `11px ${FONT}`;
    context.fillText(`${Math.round(most / 1.05)} ${curve.unit}`, 12, top + 30);
  }

  /** Dear hours are darker. */
  drawPrices(context, from, to, top) {
    const { g, curve } = this;
    const all = curve.prices.map(p => p[1]);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    if (!(high > low)) return;
    context.fillStyle = g.color('st-setup');
    curve.prices.forEach(([start, price], k) => {
      const end = curve.prices[k + 1]?.[0] ?? to;
      if (end < from || start > to) return;
      context.globalAlpha = 0.28 * (price - low) / (high - low);
      context.fillRect(g.x(start), top, g.x(end) - g.x(start), this.height);
    });
    context.globalAlpha = 1;
  }

  /** One rectangle per quarter-hour, or the highest of those that share a pixel. */
  area(context, values, from, to, y, floor, color, alpha) {
    const { g, curve } = this;
    const begin = Math.max(0, Math.floor(from / 900) - curve.first);
    const end = Math.min(values.length, Math.ceil(to / 900) - curve.first + 1);
    context.fillStyle = color;
    context.globalAlpha = alpha;
    let drawn = -1;
    for (let q = begin; q < end; q++) {
      const x0 = g.x((curve.first + q) * 900);
      const x1 = Math.max(x0 + 1, g.x((curve.first + q + 1) * 900));
      let v = values[q];
      if (x1 <= drawn) continue;
      while (q + 1 < end && g.x((curve.first + q + 1) * 900) < x0 + 1) v = Math.max(v, values[++q]);
      if (v > 0) context.fillRect(x0, y(v), x1 - x0, floor - y(v));
      drawn = x1;
    }
    context.globalAlpha = 1;
  }
}
