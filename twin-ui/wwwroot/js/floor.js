// The floor map: every machine a tile, live. Started by Pages/Floor.razor.

import { gestures, Surface, tokens, Tooltip } from './canvas.js';
import { drawFloor, Icons } from './floor-draw.js';
import { layOut, TILE } from './floor-layout.js';
import { watch } from './live.js';

const STALE = 1;

class Floor {
  constructor(canvas, page, plan) {
    this.canvas = canvas;
    this.page = page;
    this.selected = -1;
    this.hovered = -1;
    this.highlight = null;
    this.touched = false;
    this.view = { x: 0, y: 0, scale: 1 };
    this.color = tokens();
    this.adopt(plan);
    this.surface = new Surface(canvas, context => this.paint(context));
    this.surface.onResize = () => this.arrange();
    this.tip = new Tooltip(canvas.parentElement);
    this.arrange();
    this.letGo = gestures(canvas, {
      pan: (dx, dy) => this.pan(dx, dy),
      zoom: (factor, x, y) => this.zoom(factor, x, y),
      hover: (x, y) => this.hover(x, y),
      leave: () => this.hover(-1, -1),
      click: (x, y) => this.open(this.hit(x, y)),
    });
    this.onKey = e => this.key(e);
    canvas.addEventListener('keydown', this.onKey);
    this.onTheme = () => { this.color = tokens(); this.icons.forget(); this.surface.invalidate(); };
    window.addEventListener('twin-theme', this.onTheme);
    this.stop = watch(plan.plant, frame => this.take(frame));
  }

  /** Takes machines, families, statuses and texts; keeps what is known about states. */
  adopt(plan) {
    this.machines = plan.machines;
    this.families = plan.families;
    this.statuses = plan.statuses;
    this.texts = plan.texts;
    this.orders = plan.orders;
    this.firstJob = plan.firstJob;
    this.icons = new Icons(plan.statuses);
    const number = new Intl.NumberFormat(plan.language);
    this.fmt = { count: n => number.format(n) };
    const n = plan.machines.length;
    if (!this.model || this.model.status.length !== n) {
      this.model = {
        status: new Uint8Array(n), flags: new Uint8Array(n), family: new Int16Array(n).fill(-1), queue: new Uint16Array(n),
        progress: new Float32Array(n), job: new Int32Array(n).fill(-1), active: new Uint8Array(n),
      };
    }
  }

  arrange() {
    this.layout = layOut(this.machines, this.surface?.width || 800, this.surface?.height || 600);
    this.shared = null;
    this.countQueues();
    if (!this.touched) this.fit();
  }

  fit() {
    const { width, height } = this.surface ?? { width: 800, height: 600 };
    const room = 8;
    const whole = Math.min((width - 2 * room) / this.layout.width, (height - 2 * room) / this.layout.height, 1.25);
    const scale = width < 600 ? Math.min((width - 2 * room) / this.layout.width, 1.25) : whole;
    this.view = { scale, x: (width - this.layout.width * scale) / 2, y: Math.max(room, scale > whole ? room : (height - this.layout.height * scale) / 2) };
    this.touched = false;
    this.surface?.invalidate();
  }

  pan(dx, dy) {
    this.touched = true;
    const { width, height } = this.surface;
    const margin = 80;
    this.view.x = Math.min(width - margin, Math.max(margin - this.layout.width * this.view.scale, this.view.x + dx));
    this.view.y = Math.min(height - margin, Math.max(margin - this.layout.height * this.view.scale, this.view.y + dy));
    this.surface.invalidate();
  }

  zoom(factor, x, y) {
    this.touched = true;
    const scale = Math.min(3, Math.max(0.04, this.view.scale * factor));
    const real = scale / this.view.scale;
    this.view = { scale, x: x - (x - this.view.x) * real, y: y - (y - this.view.y) * real };
    this.surface.invalidate();
  }

  /** Machine under a point, or −1. */
  hit(px, py) {
    const x = (px - this.view.x) / this.view.scale;
    const y = (py - this.view.y) / this.view.scale;
    const slack = this.view.scale < 0.2 ? TILE.gap / 2 : 0;
    for (let i = 0; i < this.layout.x.length; i++) {
      const dx = x - this.layout.x[i];
      const dy = y - this.layout.y[i];
      if (dx >= -slack && dx <= TILE.width + slack && dy >= -slack && dy <= TILE.height + slack) return i;
    }
    return -1;
  }

  hover(x, y) {
    const i = x < 0 ? -1 : this.hit(x, y);
    if (i !== this.hovered) {
      this.hovered = i;
      this.canvas.style.cursor = i >= 0 ? 'pointer' : 'grab';
      this.surface.invalidate();
    }
    if (i < 0) this.tip.hide();
    else this.tip.show(this.describe(i), x, y, this.surface.width, this.surface.height);
  }

  describe(i) {
    const m = this.machines[i];
    const family = this.families[this.model.family[i]];
    return [
      m.name === m.id ? m.name : `${m.name} (${m.id})`,
      this.statuses[this.model.status[i]].name + (this.isStale(i) ? ` · ${this.texts['floor.stale']}` : ''),
      this.workText(i),
      family ? `${this.texts['floor.family']}: ${family.name}` : '',
      this.model.queue[i] > 0 ? `${this.texts['floor.waiting']}: ${this.fmt.count(this.model.queue[i])}` : '',
    ];
  }

  open(i) {
    this.select(i);
    this.tip.hide();
    this.page.invokeMethodAsync('Select', i);
  }

  /** Marks a machine from outside and brings it into sight. */
  select(i) {
    this.selected = i;
    if (i >= 0) this.reveal(i);
    this.surface.invalidate();
  }

  reveal(i) {
    const { scale } = this.view;
    const x = this.layout.x[i] * scale + this.view.x;
    const y = this.layout.y[i] * scale + this.view.y;
    const { height } = this.surface;
    // The panel beside the map covers its right part.
    const width = this.surface.width - (this.surface.width > 760 ? 340 : 0);
    const w = TILE.width * scale;
    const h = TILE.height * scale;
    if (x < 0 || x + w > width) this.pan(width / 2 - x - w / 2, 0);
    if (y < 0 || y + h > height) this.pan(0, height / 2 - y - h / 2);
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const { width, height } = this.surface;
    const act = {
      w: () => this.zoom(1.25, width / 2, height / 2), s: () => this.zoom(0.8, width / 2, height / 2),
      a: () => this.pan(90, 0), d: () => this.pan(-90, 0), f: () => this.fit(),
      arrowleft: () => this.step(-1, 0), arrowright: () => this.step(1, 0), arrowup: () => this.step(0, -1), arrowdown: () => this.step(0, 1),
      enter: () => this.open(this.selected), escape: () => this.open(-1),
    }[e.key.toLowerCase()];
    if (!act) return;
    e.preventDefault();
    this.tip.hide();
    act();
  }

  /** Moves the selection to the nearest tile in a direction. */
  step(dx, dy) {
    const { x, y } = this.layout;
    if (this.selected < 0) return this.select(0);
    let best = -1;
    let nearest = Infinity;
    for (let i = 0; i < x.length; i++) {
      const along = (x[i] - x[this.selected]) * dx + (y[i] - y[this.selected]) * dy;
      const aside = Math.abs((x[i] - x[this.selected]) * dy) + Math.abs((y[i] - y[this.selected]) * dx);
      if (along > 1 && along + 3 * aside < nearest) { nearest = along + 3 * aside; best = i; }
    }
    if (best >= 0) this.select(best);
  }

  /** A frame from the hub: what changed since the last one. */
  take(frame) {
    const m = this.model;
    for (const c of frame.machines) {
      const i = c.index;
      if (i >= m.status.length) continue;
      m.status[i] = c.status;
      m.flags[i] = c.flags;
      m.family[i] = c.family;
      m.queue[i] = c.queue;
      m.progress[i] = c.progress;
      m.job[i] = c.job;
      m.active[i] = c.active;
    }
    if (frame.machines.length > 0) {
      this.countQueues();
      this.surface.invalidate();
    }
    this.canvas.dataset.version = String(frame.version);
    this.canvas.dataset.changed = String(frame.machines.length);
  }

  /** Machines that serve the same queue say so once, in the head of their block, instead of each on its tile. */
  countQueues() {
    this.shared ??= new Uint8Array(this.machines.length);
    for (const block of this.layout.blocks) {
      if (block.level === 0 || block.count < 2) continue;
      const queue = this.model.queue[block.members[0]];
      const same = block.members.every(m => this.model.queue[m] === queue);
      block.queue = same ? queue : 0;
      for (const m of block.members) this.shared[m] = same ? 1 : 0;
    }
  }

  sharesQueue(i) { return this.shared?.[i] === 1; }

  isStale(i) { return (this.model.flags[i] & STALE) !== 0; }
  statusColor(i) { return this.color(`st-${this.statuses[this.model.status[i]].key}`); }
  familyColor(i) { return this.families[this.model.family[i]]?.color ?? this.color('line'); }

  /** The order it works on, and how many batches more. */
  workText(i) {
    const order = this.orderOf(this.model.job[i]);
    return order && this.model.active[i] > 1 ? `${order} +${this.model.active[i] - 1}` : order;
  }

  orderOf(job) {
    const { firstJob, orders } = this;
    if (job < 0 || orders.length === 0 || job >= firstJob[orders.length]) return '';
    let low = 0;
    let high = orders.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firstJob[middle] <= job) low = middle;
      else high = middle - 1;
    }
    return orders[low];
  }

  isDimmed(i) {
    if (this.found && !this.found.has(i)) return true;
    if (!this.highlight) return false;
    return this.highlight === 'stale' ? !this.isStale(i) : this.statuses[this.model.status[i]].key !== this.highlight;
  }

  paint(context) {
    drawFloor(context, this);
  }

  dispose() {
    this.stop();
    this.letGo();
    this.canvas.removeEventListener('keydown', this.onKey);
    window.removeEventListener('twin-theme', this.onTheme);
    this.tip.dispose();
    this.surface.dispose();
  }
}

/** Starts a floor map on a canvas. */
export function start(canvas, page, plan) {
  const floor = new Floor(canvas, page, plan);
  return {
    adopt: p => { floor.adopt(p); floor.arrange(); floor.surface.invalidate(); },
    find: indices => { floor.found = indices ? new Set(indices) : null; floor.surface.invalidate(); },
    highlight: key => { floor.highlight = key; floor.surface.invalidate(); },
    select: i => floor.select(i),
    fit: () => floor.fit(),
    zoomBy: f => floor.zoom(f, floor.surface.width / 2, floor.surface.height / 2),
    dispose: () => floor.dispose(),
  };
}
