// Paints the Gantt: axis, shifts, bars, now-line. Bars thinner than a pixel are painted once per pixel.

import { Fitter, FONT, inkOn } from './canvas.js';
import { FLAG, KIND } from './gantt-model.js';
import { ticks } from './timescale.js';

export const HEAD = 40;
const fitter = new Fitter();
const hatches = new Map();

export function drawGantt(context, g) {
  const { surface, color, view } = g;
  const { width, height } = surface;
  context.fillStyle = color('surface');
  context.fillRect(0, 0, width, height);
  const from = view.left;
  const to = view.left + (width - g.gutter) * view.perPixel;
  const scale = ticks(g.clock, from, to, view.perPixel);
  const first = Math.max(0, Math.floor(view.top / g.rowHeight));
  const last = Math.min(g.rows.length, Math.ceil((view.top + height - HEAD) / g.rowHeight));

  context.save();
  context.beginPath();
  context.rect(g.gutter, HEAD, width - g.gutter, height - HEAD);
  context.clip();
  for (let r = first; r < last; r++) drawRowGround(context, g, r, from, to);
  drawGrid(context, g, scale, height);
  for (let r = first; r < last; r++) drawRow(context, g, g.rows[r], g.y(r), from, to);
  drawLinks(context, g);
  g.drag?.draw(context, first, last);
  drawNow(context, g, height);
  context.restore();

  drawNames(context, g, first, last, height);
  g.strip?.draw(context, scale);
  drawAxis(context, g, scale, width);
}

function drawRowGround(context, g, r, from, to) {
  const { color } = g;
  const y = g.y(r);
  context.fillStyle = color(r % 2 ? 'row-alt' : 'row');
  context.fillRect(g.gutter, y, g.surface.width - g.gutter, g.rowHeight);
  const { calendar } = g.list[g.rows[r]];
  if (calendar >= 0) {
    const off = g.plan.off[calendar];
    context.fillStyle = color('shift-off');
    for (let k = firstWindow(off, from); k < off.length && off[k] < to; k += 2) {
      const x = Math.max(g.gutter, g.x(off[k]));
      context.fillRect(x, y, Math.min(g.surface.width, g.x(off[k + 1])) - x, g.rowHeight);
    }
  }
  context.fillStyle = color('grid');
  context.fillRect(g.gutter, y + g.rowHeight - 1, g.surface.width - g.gutter, 1);
}

function firstWindow(off, from) {
  let low = 0;
  let high = off.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (off[middle * 2 + 1] < from) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

function drawGrid(context, g, scale, height) {
  context.fillStyle = g.color('grid');
  for (const tick of scale.ticks) context.fillRect(Math.round(g.x(tick.at)), HEAD, 1, height - HEAD);
  context.fillStyle = g.color('line');
  for (const day of scale.days) context.fillRect(Math.round(g.x(day.at)), HEAD, 1, height - HEAD);
}

/** Trouble first (behind), then plan of what has begun, then work. */
function drawRow(context, g, row, y, from, to) {
  const { bars } = g;
  if (!bars) return;
  const begin = bars.firstAfter(row, from);
  const end = bars.first[row + 1];
  const painted = new Map();
  for (let pass = 0; pass < 3; pass++) {
    for (let i = begin; i < end && bars.setup[i] <= to; i++) {
      const kind = bars.kind[i];
      const layer = kind >= KIND.down ? 0 : kind === KIND.past ? 1 : 2;
      if (layer !== pass || bars.end[i] < from) continue;
      const x0 = g.x(bars.start[i]);
      const x1 = Math.max(x0 + 1, g.x(bars.end[i]));
      const slot = layer * 16 + bars.lane[i];
      if (x1 <= (painted.get(slot) ?? -1)) continue;
      painted.set(slot, Math.floor(x1));
      drawBar(context, g, i, kind, Math.max(x0, g.gutter - 4), Math.min(x1, g.surface.width + 4), y, x0);
    }
  }
}

function drawBar(context, g, i, kind, x, right, y, x0) {
  const h = g.rowHeight;
  const { bars, color } = g;
  const w = right - x;
  context.globalAlpha = g.isDimmed(i) ? 0.3 : 1;
  if (kind >= KIND.down) {
    context.fillStyle = hatch(context, kind === KIND.down ? color('st-down') : color('st-maintenance'), 0.55);
    context.fillRect(x, y, w, h - 1);
  } else if (kind === KIND.past) {
    context.fillStyle = color('plan');
    context.fillRect(x, y + h - Math.max(4, h * 0.2) - 1, Math.max(1, w), Math.max(3, h * 0.16));
  } else if (kind === KIND.setup || kind === KIND.cleaning) {
    const { top, tall } = place(g, i, y, false);
    context.fillStyle = hatch(context, kind === KIND.setup ? color('st-setup') : color('st-cleaning'), 0.95);
    context.fillRect(x, top, w, tall);
  } else drawWork(context, g, i, kind, x, w, y, x0);
  context.globalAlpha = 1;
}

function drawWork(context, g, i, kind, x, w, y, x0) {
  const { bars, color } = g;
  const planned = kind === KIND.planned;
  const { top, tall } = place(g, i, y, planned);
  if (bars.setup[i] < bars.start[i]) {
    const from = Math.max(g.x(bars.setup[i]), g.gutter - 4);
    context.fillStyle = hatch(context, color('st-setup'), 0.95);
    if (x0 > from) context.fillRect(from, top, x0 - from, tall);
  }
  const fill = g.barColor(i);
  context.fillStyle = fill;
  if (planned) {
    const alpha = context.globalAlpha;
    context.globalAlpha = alpha * 0.5;
    context.fillRect(x, top, w, tall);
    context.globalAlpha = alpha;
    if (w > 3) {
      context.strokeStyle = fill;
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, top + 0.5, w - 1, tall - 1);
    }
  } else context.fillRect(x, top, w, tall);
  if (kind === KIND.running) {
    context.fillStyle = hatch(context, color('surface'), 0.35);
    const now = Math.min(x + w, Math.max(x, g.x(g.now())));
    context.fillRect(now, top, x + w - now, tall);
  }
  if (bars.hasDue(i) && bars.late[i] > 0 && w > 5) {
    context.fillStyle = color('bar-late');
    context.fillRect(x, top, Math.min(3, w), tall);
  }
  if (i === g.selected || (g.selectedOrder >= 0 && bars.order[i] === g.selectedOrder)) {
    context.strokeStyle = color('focus');
    context.lineWidth = 2;
    context.strokeRect(x, top - 1, Math.max(2, w), tall + 2);
  }
  if (w > 30 && tall >= 9) drawLabel(context, g, i, planned ? color('ink') : inkOn(fill), x, w, top, tall);
}

/** Where in its row a bar lies: below it is room for how it had been planned; side by side with others it takes its lane. */
function place(g, i, y, planned) {
  const h = g.rowHeight;
  const lanes = g.bars.lanes[g.bars.row[i]];
  if (lanes === 1) return { top: y + h * 0.12, tall: h * (planned ? 0.68 : 0.6) };
  const each = h * 0.8 / lanes;
  return { top: y + h * 0.04 + g.bars.lane[i] * each, tall: Math.max(1, each - (each > 4 ? 1 : 0)) };
}

function drawLabel(context, g, i, ink, x, w, top, tall) {
  const locked = (g.bars.flags[i] & FLAG.locked) !== 0;
  context.font = `${Math.min(12, tall * 0.72)}px ${FONT}`;
  context.fillStyle = ink;
  context.textBaseline = 'middle';
  const left = Math.max(x, g.gutter) + 5;
  context.fillText(fitter.fit(context, (locked ? '🔒 ' : '') + g.labelOf(i), x + w - left - 3), left, top + tall / 2 + 0.5);
}

/** The chosen order's way through the plant. */
function drawLinks(context, g) {
  if (!g.chain || g.chain.length < 2) return;
  context.strokeStyle = g.color('focus');
  context.lineWidth = 1.5;
  context.beginPath();
  for (let k = 1; k < g.chain.length; k++) {
    const [a, b] = [g.chain[k - 1], g.chain[k]];
    const [ra, rb] = [g.place[g.bars.row[a]], g.place[g.bars.row[b]]];
    if (ra < 0 || rb < 0 || (ra === rb)) continue;
    const xa = g.x(g.bars.end[a]);
    const xb = g.x(g.bars.start[b]);
    const ya = g.y(ra) + g.rowHeight / 2;
    const yb = g.y(rb) + g.rowHeight / 2;
    const bend = Math.max(12, Math.abs(xb - xa) / 2);
    context.moveTo(xa, ya);
    context.bezierCurveTo(xa + bend, ya, xb - bend, yb, xb, yb);
  }
  context.stroke();
}

function drawNow(context, g, height) {
  const x = Math.round(g.x(g.now()));
  context.fillStyle = g.color('now');
  context.fillRect(x - 1, HEAD, 2, height - HEAD);
}

function drawNames(context, g, first, last, height) {
  const { color } = g;
  context.fillStyle = color('surface-2');
  context.fillRect(0, HEAD, g.gutter, height - HEAD);
  context.save();
  context.beginPath();
  context.rect(0, HEAD, g.gutter, height - HEAD);
  context.clip();
  context.textBaseline = 'middle';
  const size = Math.min(12.5, g.rowHeight - 3);
  for (let r = first; r < last; r++) {
    const row = g.list[g.rows[r]];
    const y = g.y(r);
    context.fillStyle = color('grid');
    context.fillRect(0, y + g.rowHeight - 1, g.gutter, 1);
    if (size < 7) continue;
    const status = g.statusOf(g.rows[r]);
    if (status) {
      context.fillStyle = color(`st-${status}`);
      context.fillRect(0, y + 1, 4, g.rowHeight - 3);
    }
    context.font = `550 ${size}px ${FONT}`;
    context.fillStyle = color('ink');
    const name = fitter.fit(context, row.name, g.gutter - 18);
    context.fillText(name, 10, y + g.rowHeight / 2);
    const left = g.gutter - 26 - context.measureText(name).width;
    context.font = `${size * 0.85}px ${FONT}`;
    if (row.area && context.measureText(row.area).width <= left) {
      context.fillStyle = color('ink-2');
      context.textAlign = 'right';
      context.fillText(row.area, g.gutter - 8, y + g.rowHeight / 2);
      context.textAlign = 'left';
    }
  }
  context.restore();
  context.fillStyle = color('line');
  context.fillRect(g.gutter - 1, 0, 1, height);
}

function drawAxis(context, g, scale, width) {
  const { color } = g;
  context.fillStyle = color('surface-2');
  context.fillRect(0, 0, width, HEAD);
  context.fillStyle = color('line');
  context.fillRect(0, HEAD - 1, width, 1);
  context.fillRect(g.gutter - 1, 0, 1, HEAD);
  context.save();
  context.beginPath();
  context.rect(g.gutter, 0, width - g.gutter, HEAD);
  context.clip();
  context.textBaseline = 'middle';
  context.font = `11.5px ${FONT}`;
  context.fillStyle = color('ink-2');
  for (const tick of scale.ticks) {
    const x = g.x(tick.at);
    context.fillText(tick.label, x + 4, 29);
    context.fillRect(Math.round(x), HEAD - 6, 1, 5);
  }
  context.font = `600 12px ${FONT}`;
  context.fillStyle = color('ink');
  scale.days.forEach((day, k) => {
    const next = scale.days[k + 1] ? g.x(scale.days[k + 1].at) : Infinity;
    const text = day.label;
    const x = Math.min(Math.max(g.x(day.at), g.gutter) + 4, next - context.measureText(text).width - 10);
    context.fillText(text, x, 11);
  });
  const now = g.x(g.now());
  if (now > g.gutter) {
    const text = g.clock.timeOfDay(g.now());
    context.font = `600 11px ${FONT}`;
    const w = context.measureText(text).width + 10;
    context.fillStyle = color('now');
    context.beginPath();
    context.roundRect(now - w / 2, HEAD - 19, w, 16, 4);
    context.fill();
    context.fillStyle = inkOn(color('now'));
    context.fillText(text, now - w / 2 + 5, HEAD - 10.5);
  }
  context.restore();
}

/** Diagonal lines in a colour: changeovers, breakdowns, work still to come. */
function hatch(context, color, alpha) {
  const key = `${color}|${alpha}`;
  let tile = hatches.get(key);
  if (!tile) {
    tile = document.createElement('canvas');
    tile.width = tile.height = 8;
    const pen = tile.getContext('2d');
    pen.globalAlpha = alpha * 0.35;
    pen.fillStyle = color;
    pen.fillRect(0, 0, 8, 8);
    pen.globalAlpha = alpha;
    pen.strokeStyle = color;
    pen.lineWidth = 2.2;
    pen.beginPath();
    for (const d of [-8, 0, 8]) {
      pen.moveTo(d - 1, 9);
      pen.lineTo(d + 9, -1);
    }
    pen.stroke();
    hatches.set(key, tile);
  }
  let pattern = context.hatches?.get(key);
  if (!pattern) {
    pattern = context.createPattern(tile, 'repeat');
    (context.hatches ??= new Map()).set(key, pattern);
  }
  return pattern;
}
