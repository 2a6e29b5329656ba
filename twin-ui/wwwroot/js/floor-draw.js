// Paints tiles. How much a tile says depends on how large it is on the screen.

import { Fitter, FONT, inkOn } from './canvas.js';
import { TILE } from './floor-layout.js';

/** Statuses whose colour fills the tile when there is trouble, by name. */
const TROUBLE = new Set(['down', 'repair', 'maintenance', 'blocked', 'held']);
const fitter = new Fitter();

/** Icons drawn once per status, size and theme. */
export class Icons {
  constructor(statuses) {
    this.paths = statuses.map(s => s.paths.map(d => new Path2D(d)));
    this.sprites = new Map();
  }

  forget() {
    this.sprites.clear();
  }

  draw(context, status, color, x, y, size, ratio) {
    const pixels = Math.max(4, Math.round(size * ratio));
    const key = `${status}|${color}|${pixels}`;
    let sprite = this.sprites.get(key);
    if (!sprite) {
      sprite = document.createElement('canvas');
      sprite.width = sprite.height = pixels;
      const pen = sprite.getContext('2d');
      pen.scale(pixels / 24, pixels / 24);
      pen.fillStyle = color;
      for (const path of this.paths[status]) pen.fill(path, 'evenodd');
      if (this.sprites.size > 400) this.sprites.clear();
      this.sprites.set(key, sprite);
    }
    context.drawImage(sprite, x, y, size, size);
  }
}

/** Draws blocks and the tiles that can be seen. */
export function drawFloor(context, scene) {
  const { surface, color, layout, view } = scene;
  context.fillStyle = color('bg');
  context.fillRect(0, 0, surface.width, surface.height);
  drawBlocks(context, scene);
  const w = TILE.width * view.scale;
  const h = TILE.height * view.scale;
  const left = (-view.x) / view.scale - TILE.width;
  const top = (-view.y) / view.scale - TILE.height;
  const right = (surface.width - view.x) / view.scale;
  const bottom = (surface.height - view.y) / view.scale;
  for (let i = 0; i < layout.x.length; i++) {
    const tx = layout.x[i];
    const ty = layout.y[i];
    if (tx < left || tx > right || ty < top || ty > bottom) continue;
    const x = tx * view.scale + view.x;
    const y = ty * view.scale + view.y;
    context.globalAlpha = scene.isDimmed(i) ? 0.25 : 1;
    if (w < 15) drawDot(context, scene, i, x, y, w, h);
    else if (w < 52) drawIcon(context, scene, i, x, y, w, h);
    else drawCard(context, scene, i, x, y, w, h);
  }
  context.globalAlpha = 1;
  outline(context, scene, scene.hovered, color('focus-soft'), w, h);
  outline(context, scene, scene.selected, color('focus'), w, h);
}

function drawBlocks(context, scene) {
  const { color, layout, view, fmt } = scene;
  for (const block of layout.blocks) {
    const x = block.x * view.scale + view.x;
    const y = block.y * view.scale + view.y;
    const w = block.width * view.scale;
    const h = block.height * view.scale;
    context.fillStyle = color(block.level === 0 ? 'block' : 'block-inner');
    context.strokeStyle = color('line');
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(x, y, w, h, 6);
    context.fill();
    context.stroke();
    const head = block.head * view.scale;
    if (head < 9) continue;
    const size = Math.min(14, Math.max(9, head * 0.55));
    context.font = `600 ${size}px ${FONT}`;
    context.textBaseline = 'middle';
    context.fillStyle = color('ink-2');
    const title = fitter.fit(context, `${block.label || ''}  ${fmt.count(block.count)}`.trim(), w - 16);
    context.fillText(title, x + 8, y + head / 2 + 0.5);
    if (block.queue > 0) {
      const left = x + 16 + context.measureText(title).width;
      context.font = `${size}px ${FONT}`;
      context.fillText(fitter.fit(context, `${scene.texts['floor.waiting']} ${fmt.count(block.queue)}`, x + w - left - 8), left, y + head / 2 + 0.5);
    }
  }
}

function drawDot(context, scene, i, x, y, w, h) {
  context.fillStyle = scene.statusColor(i);
  context.fillRect(x, y, Math.max(1, w), Math.max(1, h));
  if (scene.isStale(i)) stale(context, scene, x, y, w, h);
}

function drawIcon(context, scene, i, x, y, w, h) {
  const fill = scene.statusColor(i);
  context.fillStyle = fill;
  context.beginPath();
  context.roundRect(x, y, w, h, 3);
  context.fill();
  const size = Math.min(w, h) * 0.7;
  scene.icons.draw(context, scene.model.status[i], inkOn(fill), x + (w - size) / 2, y + (h - size) / 2, size, scene.surface.ratio);
  if (scene.isStale(i)) stale(context, scene, x, y, w, h);
}

function drawCard(context, scene, i, x, y, w, h) {
  const { color, model, view } = scene;
  const s = Math.min(1.6, view.scale);
  const fill = scene.statusColor(i);
  const trouble = TROUBLE.has(scene.statuses[model.status[i]].key);
  context.fillStyle = color('card');
  context.strokeStyle = trouble ? fill : color('line');
  context.lineWidth = trouble ? 2 : 1;
  context.beginPath();
  context.roundRect(x, y, w, h, 5);
  context.fill();
  context.stroke();

  // Family strip at the left edge.
  context.fillStyle = scene.familyColor(i);
  context.beginPath();
  context.roundRect(x, y, Math.max(3, 5 * s), h, [5, 0, 0, 5]);
  context.fill();

  // Status chip with icon, name beside it, the work below, progress at the bottom.
  const pad = Math.max(6, 10 * s);
  const chip = Math.max(13, 18 * s);
  const top = y + Math.max(3, 6 * s);
  context.fillStyle = fill;
  context.beginPath();
  context.roundRect(x + pad, top, chip, chip, 4);
  context.fill();
  scene.icons.draw(context, model.status[i], inkOn(fill), x + pad + 2 * s, top + 2 * s, chip - 4 * s, scene.surface.ratio);
  const badge = model.queue[i] > 0 && !scene.sharesQueue(i) ? drawBadge(context, scene, i, x + w - 5 * s, top, s) : 0;
  context.textBaseline = 'middle';
  context.fillStyle = color('ink');
  context.font = `600 ${Math.max(9.5, 12.5 * s)}px ${FONT}`;
  context.fillText(fitter.fit(context, scene.machines[i].name, w - pad - chip - 7 * s - badge), x + pad + chip + 4 * s, top + chip / 2 + 0.5);
  const below = top + chip;
  const bottom = y + h - 9 * s;
  if (bottom - below > 8) {
    context.font = `${Math.max(9, 11.5 * s)}px ${FONT}`;
    context.fillStyle = color('ink-2');
    const work = scene.workText(i) || scene.statuses[model.status[i]].name;
    context.fillText(fitter.fit(context, work, w - 2 * pad), x + pad, (below + bottom) / 2 + 0.5);
  }
  drawProgress(context, scene, i, x + pad, bottom, w - 1.6 * pad, s);
  if (scene.isStale(i)) staleCard(context, scene, x, y, w, h, s);
}

function drawBadge(context, scene, i, right, y, s) {
  const text = scene.fmt.count(scene.model.queue[i]);
  context.font = `600 ${Math.max(8, 10 * s)}px ${FONT}`;
  const width = Math.max(16 * s, context.measureText(text).width + 8 * s);
  context.fillStyle = scene.color('badge');
  context.beginPath();
  context.textBaseline = 'middle';
  context.roundRect(right - width, y + 1 * s, width, 16 * s, 8 * s);
  context.fill();
  context.fillStyle = scene.color('badge-ink');
  context.textAlign = 'center';
  context.fillText(text, right - width / 2, y + 9.5 * s);
  context.textAlign = 'left';
  return width + 2 * s;
}

function drawProgress(context, scene, i, x, y, width, s) {
  const { model, color } = scene;
  const done = model.progress[i];
  if (!(done > 0)) return;
  const height = Math.max(3, 5 * s);
  context.fillStyle = color('track');
  context.beginPath();
  context.roundRect(x, y, width, height, height / 2);
  context.fill();
  context.fillStyle = scene.statusColor(i);
  context.beginPath();
  context.roundRect(x, y, Math.max(height, width * done), height, height / 2);
  context.fill();
}

function stale(context, scene, x, y, w, h) {
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.strokeStyle = scene.color('stale');
  context.lineWidth = Math.max(1, w / 16);
  context.beginPath();
  for (let d = -h; d < w; d += Math.max(4, w / 5)) {
    context.moveTo(x + d, y + h);
    context.lineTo(x + d + h, y);
  }
  context.stroke();
  context.restore();
}

function staleCard(context, scene, x, y, w, h, s) {
  context.save();
  context.globalAlpha *= 0.35;
  stale(context, scene, x, y, w, h);
  context.restore();
  const text = scene.texts['floor.stale'];
  context.font = `700 ${Math.max(8, 9.5 * s)}px ${FONT}`;
  const width = context.measureText(text).width + 8 * s;
  context.fillStyle = scene.color('stale');
  context.fillRect(x + w - width - 5 * s, y + h - 19 * s, width, 14 * s);
  context.fillStyle = scene.color('stale-ink');
  context.fillText(text, x + w - width - 1 * s, y + h - 11.5 * s);
}

function outline(context, scene, i, color, w, h) {
  if (i < 0) return;
  const x = scene.layout.x[i] * scene.view.scale + scene.view.x;
  const y = scene.layout.y[i] * scene.view.scale + scene.view.y;
  context.strokeStyle = color;
  context.lineWidth = 2.5;
  context.beginPath();
  context.roundRect(x - 2, y - 2, w + 4, h + 4, 6);
  context.stroke();
}
