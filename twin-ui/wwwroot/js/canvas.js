// What every canvas on these pages needs: sharp pixels, drawing only when something changed, hands and wheel.

import { SvgContext } from './svg-context.js';

/** Keeps a canvas as sharp as the screen and draws it when asked, at most once a frame. */
export class Surface {
  constructor(canvas, draw) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d', { alpha: false });
    this.draw = draw;
    this.width = 0;
    this.height = 0;
    this.frame = 0;
    this.drawnMs = 0;
    this.onResize = null;
    canvas.twinSvg = () => {
      const pen = new SvgContext(this.width, this.height);
      this.draw(pen);
      return pen.toString();
    };
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(canvas.parentElement);
    this.resize();
  }

  resize() {
    const box = this.canvas.parentElement.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    const width = Math.max(1, Math.floor(box.width));
    const height = Math.max(1, Math.floor(box.height));
    if (width === this.width && height === this.height && ratio === this.ratio) return;
    this.width = width;
    this.height = height;
    this.ratio = ratio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.onResize?.();
    this.invalidate();
  }

  /** Asks for a new picture with the next frame. */
  invalidate() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const begin = performance.now();
      this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      this.draw(this.context);
      this.drawnMs = performance.now() - begin;
      this.canvas.dataset.drawn = String(1 + Number(this.canvas.dataset.drawn || 0));
    });
  }

  dispose() {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
  }
}

/** Turns mouse, pen, fingers and wheel into pan, zoom, hover and click. Returns a function that lets go. */
export function gestures(canvas, on) {
  const pointers = new Map();
  const abort = new AbortController();
  const options = { signal: abort.signal };
  let travelled = 0;
  let spread = 0;
  let held = false;
  const at = e => {
    const box = canvas.getBoundingClientRect();
    return { x: e.clientX - box.left, y: e.clientY - box.top };
  };

  canvas.addEventListener('pointerdown', e => {
    canvas.setPointerCapture(e.pointerId);
    pointers.set(e.pointerId, at(e));
    if (pointers.size === 1) travelled = 0;
    spread = 0;
    const here = at(e);
    held = pointers.size === 1 && e.pointerType !== 'touch' && e.button === 0 && Boolean(on.grab?.(here.x, here.y));
  }, options);

  canvas.addEventListener('pointermove', e => {
    const now = at(e);
    const before = pointers.get(e.pointerId);
    if (!before) {
      if (e.pointerType !== 'touch') on.hover?.(now.x, now.y);
      return;
    }
    pointers.set(e.pointerId, now);
    if (pointers.size === 1) {
      travelled += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
      if (travelled > 4 && held) on.drag(now.x, now.y);
      else if (travelled > 4) on.pan?.(now.x - before.x, now.y - before.y);
    } else if (pointers.size === 2) {
      travelled = 100;
      const [a, b] = [...pointers.values()];
      const gap = Math.hypot(a.x - b.x, a.y - b.y);
      if (spread > 0) on.zoom?.(gap / spread, (a.x + b.x) / 2, (a.y + b.y) / 2, e);
      spread = gap;
    }
  }, options);

  const release = e => {
    const here = pointers.get(e.pointerId);
    pointers.delete(e.pointerId);
    spread = 0;
    if (held) on.drop(travelled > 4 && e.type === 'pointerup');
    held = false;
    if (here && e.type === 'pointerup' && travelled <= 4 && pointers.size === 0) on.click?.(here.x, here.y, e);
  };
  canvas.addEventListener('pointerup', release, options);
  canvas.addEventListener('pointercancel', release, options);
  canvas.addEventListener('pointerleave', () => on.leave?.(), options);
  canvas.addEventListener('wheel', e => {
    e.preventDefault();
    const here = at(e);
    const step = e.deltaMode === 1 ? 30 : 1;
    if (on.wheel?.(e.deltaX * step, e.deltaY * step, here.x, here.y, e)) return;
    on.zoom?.(Math.exp(-e.deltaY * step * 0.0016), here.x, here.y, e);
  }, { signal: abort.signal, passive: false });
  return () => abort.abort();
}

/** A small text box that follows the pointer; lines are plain text, the first one is the title. */
export class Tooltip {
  constructor(parent) {
    this.box = document.createElement('div');
    this.box.className = 'canvas-tip';
    this.box.setAttribute('role', 'tooltip');
    this.box.hidden = true;
    parent.appendChild(this.box);
  }

  show(lines, x, y, width, height) {
    this.box.replaceChildren(...lines.filter(Boolean).map(text => {
      const line = document.createElement('div');
      line.textContent = text;
      return line;
    }));
    this.box.hidden = false;
    const left = x + 14 + this.box.offsetWidth > width ? x - 14 - this.box.offsetWidth : x + 14;
    const top = y + 14 + this.box.offsetHeight > height ? y - 14 - this.box.offsetHeight : y + 14;
    this.box.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }

  hide() {
    this.box.hidden = true;
  }

  dispose() {
    this.box.remove();
  }
}

/** Colours of the theme in force, read from the style sheet once per change. */
export function tokens() {
  const style = getComputedStyle(document.documentElement);
  const cache = new Map();
  return name => {
    if (!cache.has(name)) cache.set(name, style.getPropertyValue(`--${name}`).trim() || '#888888');
    return cache.get(name);
  };
}

/** Black or white, whichever reads better on a #rrggbb colour. */
export function inkOn(color) {
  const n = parseInt(color.slice(1), 16);
  const channel = v => {
    const s = v / 255;
    return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  };
  const light = 0.2126 * channel(n >> 16 & 255) + 0.7152 * channel(n >> 8 & 255) + 0.0722 * channel(n & 255);
  return light > 0.18 ? '#10161f' : '#ffffff';
}

/** Cuts a text to a width, with an ellipsis; a number at its end is what tells names apart and stays. Remembers what it cut. */
export class Fitter {
  constructor() {
    this.known = new Map();
  }

  fit(context, text, width) {
    if (width < 8 || !text) return '';
    const key = `${context.font}|${Math.round(width)}|${text}`;
    let cut = this.known.get(key);
    if (cut !== undefined) return cut;
    if (this.known.size > 20000) this.known.clear();
    cut = text;
    if (context.measureText(text).width > width) {
      const tail = /\s\d[\w-]*$/.exec(text)?.[0].trim() ?? '';
      cut = (tail && shorten(context, text.slice(0, -tail.length - 1), '…' + tail, width)) || shorten(context, text, '…', width);
    }
    this.known.set(key, cut);
    return cut;
  }
}

/** The longest beginning of a text that fits together with an end; empty when not even one letter does. */
function shorten(context, text, end, width) {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(text.slice(0, middle) + end).width <= width) low = middle;
    else high = middle - 1;
  }
  return low > 0 ? text.slice(0, low).trimEnd() + end : '';
}

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
