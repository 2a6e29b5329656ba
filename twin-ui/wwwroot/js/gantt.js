// The Gantt: plan against actual, by equipment. Started by Pages/Schedule.razor.

import { gestures, Surface, tokens, Tooltip } from './canvas.js';
import { drawGantt, HEAD } from './gantt-draw.js';
import { Drag } from './gantt-drag.js';
import { colorOf, linesOf } from './gantt-look.js';
import { Bars, chooseRows, FLAG, KIND } from './gantt-model.js';
import { watch } from './live.js';
import { Strip } from './gantt-strip.js';
import { PlantClock } from './timescale.js';

const REFRESH_MS = 2000;
const DAY = 86400;
const ALL_DAYS = 3650;

class Gantt {
  constructor(canvas, page, plan) {
    this.canvas = canvas;
    this.page = page;
    this.words = '';
    this.sort = 'plant';
    this.colorBy = 'family';
    this.selected = -1;
    this.selectedOrder = -1;
    this.view = { left: 0, top: 0, perPixel: 120 };
    this.rowHeight = 24;
    this.days = 7;
    this.color = tokens();
    this.statuses = [];
    this.adopt(plan);
    this.surface = new Surface(canvas, context => drawGantt(context, this));
    this.surface.onResize = () => this.measure();
    this.measure();
    this.tip = new Tooltip(canvas.parentElement);
    this.drag = new Drag(this);
    this.strip = new Strip(this);
    this.letGo = gestures(canvas, {
      pan: (dx, dy) => this.pan(dx, dy),
      zoom: (factor, x) => this.zoom(factor, x),
      wheel: (dx, dy, x, y, e) => this.wheel(dx, dy, e),
      hover: (x, y) => this.hover(x, y),
      leave: () => this.tip.hide(),
      click: (x, y) => this.click(x, y),
      grab: (x, y) => this.drag.grab(x, y),
      drag: (x, y) => this.drag.move(x, y),
      drop: really => this.drag.drop(really),
    });
    this.onKey = e => this.key(e);
    canvas.addEventListener('keydown', this.onKey);
    this.onTheme = () => { this.color = tokens(); this.surface.invalidate(); };
    window.addEventListener('twin-theme', this.onTheme);
    this.stop = watch(plan.plant, frame => this.take(frame));
    this.clockTimer = setInterval(() => this.tick(), 1000);
    this.loaded = this.load();
    this.loaded.then(() => { if (!this.begun) this.fitNow(); });
  }

  adopt(plan) {
    this.plan = plan;
    this.texts = plan.texts;
    this.clock = new PlantClock(plan.epoch, plan.zone, plan.language);
    this.rowsBy(this.by ?? 'machine');
  }

  /** What the rows are: machines, orders, families or firms. Only on machines can bars be moved. */
  rowsBy(by) {
    this.by = by;
    this.movable = by === 'machine' && !this.plan.frozen;
    const { plan } = this;
    const row = (id, name, area) => ({ id, name, site: '', area, calendar: -1, sparse: true });
    this.list = by === 'order' ? plan.orders.map((id, o) => row(id, id, plan.firms[plan.orderFirm[o]] ?? ''))
      : by === 'family' ? plan.families.map(f => row(f.name, f.name, ''))
      : by === 'firm' ? plan.firms.map(f => row(f, f, ''))
      : plan.rows;
    this.regroup();
  }

  regroup() {
    const { raw, plan, by } = this;
    if (raw) {
      this.bars = by === 'machine' ? raw : raw.by(i => (by === 'order' ? raw.order[i] : by === 'family' ? raw.family[i] : plan.orderFirm[raw.order[i]]), this.list.length);
      this.mostKw = raw.kw.reduce((most, kw) => Math.max(most, kw), 1);
      if (this.selectedOrder >= 0) this.chain = this.bars.ofOrder(this.selectedOrder);
      this.selected = this.bars.ofJob(this.selectedJob);
    }
    this.choose();
  }

  choose() {
    this.rows = chooseRows(this.list, this.bars, this.words, this.sort);
    this.place = new Int32Array(this.list.length).fill(-1);
    this.rows.forEach((row, r) => { this.place[row] = r; });
    this.canvas.dataset.rows = String(this.rows.length);
    if (this.surface) {
      this.clampTop();
      this.surface.invalidate();
    }
  }

  measure() {
    this.gutter = this.surface && this.surface.width < 600 ? 92 : 168;
  }

  /** Reads all bars anew; cheap enough to do after every change of the schedule and every few seconds of work. */
  async load() {
    if (this.loading || this.drag?.moving) return;
    this.loading = true;
    try {
      const answer = await fetch(`${this.plan.bars}${this.plan.bars.includes('?') ? '&' : '?'}days=${this.days}`, { cache: 'no-store' });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      this.raw = new Bars(await answer.arrayBuffer(), this.plan.rows.length);
      this.regroup();
      this.loadedAt = performance.now();
      this.canvas.dataset.bars = String(this.bars.count);
      this.canvas.dataset.schedule = String(this.bars.version);
      this.time ??= { plant: this.bars.now * 1000, at: performance.now(), speed: 0 };
      this.strip.load();
      this.surface.invalidate();
    } catch (error) {
      console.warn('The Gantt could not be read; trying again.', error);
    } finally {
      this.loading = false;
    }
  }

  take(frame) {
    this.time = { plant: frame.now, at: performance.now(), speed: frame.speed };
    for (const m of frame.machines) this.statuses[m.index] = m.status;
    this.stale ||= frame.machines.length > 0 || frame.scheduleVersion !== this.bars?.version;
    if (frame.scheduleVersion !== this.bars?.version) this.loadedAt = 0;
    if (this.plan.frozen) this.follow();
    this.tick();
  }

  /** Keeps the now-line of a replay in sight, wherever it was sought to. */
  follow() {
    const x = this.x(this.now());
    if (x < this.gutter + 20 || x > this.surface.width - 60) {
      this.view.left = this.now() - (this.surface.width - this.gutter) * this.view.perPixel / 3;
      this.loadedAt = 0;
      this.stale = true;
    }
    this.surface.invalidate();
  }

  tick() {
    if (this.stale && performance.now() - (this.loadedAt ?? 0) > REFRESH_MS && !document.hidden) {
      this.stale = false;
      this.load();
    }
    if (this.time?.speed > 0) this.surface.invalidate();
  }

  now() {
    return this.time ? (this.time.plant + (performance.now() - this.time.at) * this.time.speed) / 1000 : 0;
  }

  x(seconds) { return this.gutter + (seconds - this.view.left) / this.view.perPixel; }
  y(r) { return HEAD + r * this.rowHeight - this.view.top; }
  secondsAt(x) { return this.view.left + (x - this.gutter) * this.view.perPixel; }

  statusOf(row) {
    const status = this.by === 'machine' ? this.statuses[row] : undefined;
    return status === undefined ? null : this.plan.statuses[status].key;
  }

  labelOf(i) {
    const order = this.plan.orders[this.bars.order[i]] ?? '';
    return (this.bars.flags[i] & FLAG.batch) !== 0 ? `${order} +` : order;
  }

  barColor(i) { return colorOf(this, i); }

  isDimmed(i) {
    return this.selectedOrder >= 0 && this.bars.order[i] !== this.selectedOrder;
  }

  pan(dx, dy) {
    this.view.left -= dx * this.view.perPixel;
    this.view.top -= dy;
    this.clampTop();
    this.reachBack();
    if (dx) this.looked();
    this.surface.invalidate();
  }

  clampTop() {
    const most = Math.max(0, this.rows.length * this.rowHeight - (this.surface.height - HEAD - (this.strip?.height ?? 0)) + 8);
    this.view.top = Math.min(most, Math.max(0, this.view.top));
  }

  zoom(factor, x) {
    const at = this.secondsAt(x);
    this.view.perPixel = Math.min(86400, Math.max(1, this.view.perPixel / factor));
    this.view.left = at - (x - this.gutter) * this.view.perPixel;
    this.reachBack();
    this.looked();
    this.surface.invalidate();
  }

  /** Looking further back than what has been read reads more. */
  reachBack() {
    const wanted = (this.now() - this.view.left) / DAY;
    if (wanted <= this.days || this.days >= ALL_DAYS || this.loading) return;
    this.days = Math.min(ALL_DAYS, Math.ceil(wanted * 2));
    this.load();
  }

  /** Plain wheel scrolls rows, with Ctrl it zooms time, with Alt it changes the height of rows, sideways it pans. */
  wheel(dx, dy, e) {
    if (e.ctrlKey || e.metaKey) return false;
    if (e.altKey) this.tall(Math.exp(-dy * 0.0015));
    else if (e.shiftKey) this.pan(-dy - dx, 0);
    else this.pan(-dx, -dy);
    this.tip.hide();
    return true;
  }

  tall(factor) {
    const row = this.view.top / this.rowHeight;
    this.rowHeight = Math.min(44, Math.max(6, this.rowHeight * factor));
    this.view.top = row * this.rowHeight;
    this.clampTop();
    this.surface.invalidate();
  }

  /** Tells the page which stretch of time is in sight, once the hand rests: it goes into the address. */
  looked() {
    clearTimeout(this.lookTimer);
    this.lookTimer = setTimeout(() => this.page.invokeMethodAsync('Look', this.view.left, this.view.perPixel * (this.surface.width - this.gutter)), 700);
  }

  /** What the address asks for: an order, or a stretch of time. */
  async begin(order, from, span) {
    this.begun = from != null || order >= 0;
    await this.loaded;
    if (order >= 0) this.chooseOrder(order);
    if (from != null) {
      this.view.left = from;
      this.view.perPixel = span / Math.max(50, this.surface.width - this.gutter);
      this.reachBack();
    } else if (order >= 0) this.focus();
    this.surface.invalidate();
  }

  /** Around now, as wide as a dozen usual bars: days for a dyehouse, an hour for a line. A quarter of it is the past. */
  fitNow() {
    const span = this.bars?.count ? Math.min(60 * 3600, Math.max(3600, 12 * this.bars.usualLength())) : 24 * 3600;
    this.view.perPixel = span / Math.max(50, this.surface.width - this.gutter);
    this.view.left = this.now() - span / 4;
    this.surface.invalidate();
  }

  /** The chosen order, or everything there is. */
  focus() {
    if (!this.bars?.count) return;
    let from = this.bars.from;
    let to = this.bars.to;
    if (this.chain?.length) {
      from = Math.min(...this.chain.map(i => this.bars.setup[i]));
      to = Math.max(...this.chain.map(i => this.bars.end[i]));
      this.revealRow(this.bars.row[this.chain[0]]);
    }
    const room = Math.max(3600, (to - from) * 0.05);
    this.view.perPixel = Math.max(1, (to - from + 2 * room) / Math.max(50, this.surface.width - this.gutter));
    this.view.left = from - room;
    this.surface.invalidate();
  }

  revealRow(row) {
    const r = this.place[row];
    if (r < 0) return;
    const y = this.y(r);
    if (y < HEAD || y + this.rowHeight > this.surface.height) this.view.top = r * this.rowHeight - (this.surface.height - HEAD) / 2;
    this.clampTop();
  }

  /** Bar under a point, or −1. Work wins over what lies behind it. */
  hit(x, y) {
    if (!this.bars || x < this.gutter || y < HEAD || y > this.surface.height - this.strip.height) return -1;
    const r = Math.floor((y - HEAD + this.view.top) / this.rowHeight);
    if (r < 0 || r >= this.rows.length) return -1;
    const low = (y - this.y(r)) / this.rowHeight > 0.76;
    const slack = 2 * this.view.perPixel;
    const at = this.secondsAt(x);
    const row = this.rows[r];
    let best = -1;
    let bestRank = -1;
    const lane = Math.floor(((y - this.y(r)) / this.rowHeight - 0.04) / 0.8 * (this.bars?.lanes[this.rows[r]] ?? 1));
    for (let i = this.bars.firstAfter(row, at - slack); i < this.bars.first[row + 1] && this.bars.setup[i] <= at + slack; i++) {
      if (this.bars.end[i] < at - slack) continue;
      const kind = this.bars.kind[i];
      const rank = kind >= KIND.down ? 0 : kind === KIND.past ? (low ? 4 : 1) : this.bars.lanes[row] === 1 || this.bars.lane[i] === lane ? 3 : -1;
      if (rank > bestRank) { best = i; bestRank = rank; }
    }
    return best;
  }

  hover(x, y) {
    const i = this.hit(x, y);
    this.canvas.style.cursor = i >= 0 ? 'pointer' : 'grab';
    const lines = i < 0 ? this.strip.describe(x, y) : this.describe(i);
    if (!lines) this.tip.hide();
    else this.tip.show(lines, x, y, this.surface.width, this.surface.height);
  }

  describe(i) { return linesOf(this, i); }

  click(x, y) {
    const i = this.hit(x, y);
    const order = i >= 0 && this.bars.isWork(i) ? this.bars.order[i] : -1;
    this.chooseOrder(order, order >= 0 ? i : -1);
    this.page.invokeMethodAsync('Select', order, i >= 0 ? this.bars.machine[i] : -1, i >= 0 && this.bars.isWork(i) ? this.bars.job[i] : -1);
  }

  chooseOrder(order, bar = -1) {
    this.selected = bar;
    this.selectedJob = bar >= 0 ? this.bars.job[bar] : -1;
    this.selectedOrder = order;
    this.chain = order >= 0 && this.bars ? this.bars.ofOrder(order) : null;
    this.surface.invalidate();
  }

  /** The next or previous piece of work in the row of the chosen one. */
  step(by) {
    if (this.selected < 0) return;
    const row = this.bars.row[this.selected];
    let i = this.selected + by;
    while (i >= this.bars.first[row] && i < this.bars.first[row + 1] && (!this.bars.isWork(i) || this.bars.kind[i] === KIND.past)) i += by;
    if (i < this.bars.first[row] || i >= this.bars.first[row + 1]) return;
    const x = this.x(this.bars.start[i]);
    if (x < this.gutter || x > this.surface.width - 40) this.view.left = this.bars.start[i] - this.view.perPixel * (this.surface.width - this.gutter) / 3;
    this.chooseOrder(this.bars.order[i], i);
    this.page.invokeMethodAsync('Select', this.bars.order[i], this.bars.machine[i], this.bars.job[i]);
  }

  key(e) {
    if (e.key === 'Escape' && this.drag.cancel()) return;
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const middle = this.gutter + (this.surface.width - this.gutter) / 2;
    const act = {
      w: () => this.zoom(1.3, middle), s: () => this.zoom(1 / 1.3, middle), a: () => this.pan(120, 0), d: () => this.pan(-120, 0),
      f: () => this.focus(), n: () => this.fitNow(), '+': () => this.tall(1.15), '-': () => this.tall(1 / 1.15),
      arrowleft: () => this.pan(120, 0), arrowright: () => this.pan(-120, 0), arrowup: () => this.pan(0, this.rowHeight), arrowdown: () => this.pan(0, -this.rowHeight),
      pageup: () => this.pan(0, this.surface.height * 0.8), pagedown: () => this.pan(0, -this.surface.height * 0.8),
      home: () => { this.view.top = 0; this.surface.invalidate(); }, end: () => this.pan(0, -1e7),
      l: () => { if (this.selectedJob >= 0) this.page.invokeMethodAsync('Lock', this.selectedJob); }, '.': () => this.step(1), ',': () => this.step(-1),
      escape: () => { this.chooseOrder(-1); this.page.invokeMethodAsync('Select', -1, -1, -1); },
    }[e.key.toLowerCase()];
    if (!act) return;
    e.preventDefault();
    this.tip.hide();
    act();
  }

  dispose() {
    this.stop();
    clearInterval(this.clockTimer);
    clearTimeout(this.lookTimer);
    this.letGo();
    this.canvas.removeEventListener('keydown', this.onKey);
    window.removeEventListener('twin-theme', this.onTheme);
    this.tip.dispose();
    this.surface.dispose();
  }
}

/** Starts a Gantt on a canvas. */
export function start(canvas, page, plan) {
  const gantt = new Gantt(canvas, page, plan);
  return {
    adopt: p => { gantt.adopt(p); gantt.surface.invalidate(); },
    filter: words => { gantt.words = words; gantt.choose(); },
    sortBy: key => { gantt.sort = key; gantt.choose(); },
    rowsBy: key => gantt.rowsBy(key),
    risks: values => { gantt.risks = values; gantt.surface.invalidate(); },
    strip: key => gantt.strip.show(key),
    colorBy: key => { gantt.colorBy = key; gantt.surface.invalidate(); },
    selectOrder: order => { gantt.chooseOrder(order); if (order >= 0) gantt.focus(); },
    begin: (order, from, span) => gantt.begin(order, from, span),
    now: () => gantt.fitNow(),
    all: async () => {
      gantt.chooseOrder(-1);
      gantt.days = ALL_DAYS;
      await gantt.load();
      gantt.focus();
    },
    zoomBy: factor => gantt.zoom(factor, gantt.gutter + (gantt.surface.width - gantt.gutter) / 2),
    reload: () => gantt.load(),
    dispose: () => gantt.dispose(),
  };
}
