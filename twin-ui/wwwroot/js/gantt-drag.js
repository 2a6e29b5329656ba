// Dragging a planned bar in time and across machines: where it may go is lit, what it would bring about is told while it moves.

import { FONT, inkOn } from './canvas.js';
import { FLAG, KIND } from './gantt-model.js';
import { HEAD } from './gantt-draw.js';

const ASK_MS = 160;
const EDGE = 36;

export class Drag {
  constructor(gantt) {
    this.g = gantt;
    this.held = null;
    this.moving = false;
    this.asked = 0;
  }

  /** Takes hold of a bar, if it is one that may be moved. */
  grab(x, y) {
    const { g } = this;
    const i = g.hit(x, y);
    if (i < 0 || g.bars.kind[i] !== KIND.planned || (g.bars.flags[i] & FLAG.locked) !== 0 || !g.movable) return false;
    const { bars } = g;
    this.held = {
      job: bars.job[i], order: bars.order[i], color: g.barColor(i), label: g.labelOf(i), row: bars.machine[i], from: bars.machine[i],
      length: bars.end[i] - bars.setup[i], grip: g.secondsAt(x) - bars.setup[i], start: bars.setup[i], targets: null, verdict: null,
    };
    return true;
  }

  move(x, y) {
    const { g, held } = this;
    if (!this.moving) {
      this.moving = true;
      g.page.invokeMethodAsync('Targets', held.job).then(rows => { held.targets = new Set(rows); g.surface.invalidate(); });
    }
    if (y < HEAD + EDGE / 2) g.view.top -= 6;
    if (y > g.surface.height - EDGE) g.view.top += 6;
    if (x < g.gutter + EDGE) g.view.left -= 6 * g.view.perPixel;
    if (x > g.surface.width - EDGE) g.view.left += 6 * g.view.perPixel;
    g.clampTop();
    const r = Math.floor((y - HEAD + g.view.top) / g.rowHeight);
    held.row = r >= 0 && r < g.rows.length ? g.rows[r] : -1;
    held.start = Math.max(g.now(), g.secondsAt(x) - held.grip);
    this.point = { x, y };
    g.canvas.style.cursor = this.allowed() ? 'grabbing' : 'not-allowed';
    held.verdict = null;
    this.ask();
    this.tell();
    g.surface.invalidate();
  }

  allowed() {
    return this.held.row >= 0 && (this.held.targets === null || this.held.targets.has(this.held.row));
  }

  /** Asks for the effect once the hand slows down; an answer that comes too late is not shown. */
  ask() {
    clearTimeout(this.timer);
    const asked = ++this.asked;
    if (!this.allowed()) return;
    this.timer = setTimeout(async () => {
      const { held } = this;
      const verdict = await this.g.page.invokeMethodAsync('TryMove', held.job, held.row, held.start);
      if (asked !== this.asked || this.held !== held) return;
      held.verdict = verdict;
      this.tell();
      this.g.surface.invalidate();
    }, ASK_MS);
  }

  tell() {
    const { g, held } = this;
    const place = held.row >= 0 ? g.plan.rows[held.row].name : '';
    const lines = [`${held.label} → ${place}`, g.clock.moment(held.start), ...(this.allowed() ? held.verdict?.says ?? [g.texts['gantt.trying']] : [g.texts['gantt.notthere']])];
    g.tip.show(lines, this.point.x, this.point.y, g.surface.width, g.surface.height);
  }

  drop(really) {
    const { g, held } = this;
    const moved = this.moving && really && held && this.allowed() && (held.verdict === null || held.verdict.ok);
    if (moved) g.page.invokeMethodAsync('Move', held.job, held.row, held.start).then(() => g.load());
    this.stop();
  }

  /** Puts the bar back; false when none was held. */
  cancel() {
    const was = this.moving;
    if (was) this.stop();
    return was;
  }

  stop() {
    clearTimeout(this.timer);
    this.asked++;
    this.held = null;
    this.moving = false;
    this.g.tip.hide();
    this.g.canvas.style.cursor = 'grab';
    this.g.surface.invalidate();
  }

  /** Dims the rows it may not go to, and draws it where it would go. */
  draw(context, first, last) {
    const { g, held } = this;
    if (!this.moving || !held) return;
    const width = g.surface.width - g.gutter;
    for (let r = first; r < last; r++) {
      const may = held.targets?.has(g.rows[r]);
      context.globalAlpha = may ? 0.16 : held.targets ? 0.55 : 0;
      context.fillStyle = g.color(may ? 'accent' : 'surface');
      context.fillRect(g.gutter, g.y(r), width, g.rowHeight);
    }
    context.globalAlpha = 1;
    const r = g.place[held.row];
    if (!(r >= 0)) return;
    const x = g.x(held.start);
    const w = Math.max(6, held.length / g.view.perPixel);
    const ok = this.allowed() && held.verdict?.ok !== false;
    context.fillStyle = held.color;
    context.globalAlpha = 0.85;
    context.fillRect(x, g.y(r) + 2, w, g.rowHeight - 4);
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.strokeStyle = g.color(!ok ? 'bad' : held.verdict?.worse ? 'warn' : 'good');
    context.strokeRect(x, g.y(r) + 2, w, g.rowHeight - 4);
    if (w > 40) {
      context.font = `600 11px ${FONT}`;
      context.textBaseline = 'middle';
      context.fillStyle = inkOn(held.color);
      context.fillText(held.label, x + 5, g.y(r) + g.rowHeight / 2);
    }
  }
}
