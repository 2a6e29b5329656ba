// A pen that writes SVG instead of pixels: what the canvas modules draw leaves the house as lines and letters.

const escape = text => String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const n = value => String(Math.round(value * 100) / 100);
const KEPT = ['fillStyle', 'strokeStyle', 'lineWidth', 'globalAlpha', 'font', 'textBaseline', 'textAlign'];
const RISE = { middle: '0.35em', top: '0.8em', hanging: '0.8em' };
const ANCHOR = { center: 'middle', right: 'end', end: 'end' };

/** The part of CanvasRenderingContext2D that the drawings of these pages use. */
export class SvgContext {
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.out = [];
    this.defs = [];
    this.saved = [];
    this.patterns = new Map();
    this.path = '';
    this.open = 0;
    this.measure = document.createElement('canvas').getContext('2d');
    Object.assign(this, { fillStyle: '#000', strokeStyle: '#000', lineWidth: 1, globalAlpha: 1, font: '10px sans-serif', textBaseline: 'alphabetic', textAlign: 'left', dash: [] });
  }

  setTransform() {}

  setLineDash(dash) { this.dash = dash; }

  save() {
    this.saved.push([Object.fromEntries(KEPT.map(k => [k, this[k]])), this.open]);
  }

  restore() {
    const [state, open] = this.saved.pop();
    Object.assign(this, state);
    for (; this.open > open; this.open--) this.out.push('</g>');
  }

  beginPath() { this.path = ''; }
  moveTo(x, y) { this.path += `M${n(x)} ${n(y)}`; }
  lineTo(x, y) { this.path += `L${n(x)} ${n(y)}`; }
  bezierCurveTo(a, b, c, d, x, y) { this.path += `C${n(a)} ${n(b)} ${n(c)} ${n(d)} ${n(x)} ${n(y)}`; }
  closePath() { this.path += 'Z'; }
  rect(x, y, w, h) { this.path += `M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}Z`; }

  roundRect(x, y, w, h, radius) {
    const r = Math.max(0, Math.min(Array.isArray(radius) ? radius[0] : radius, w / 2, h / 2));
    this.path += `M${n(x + r)} ${n(y)}h${n(w - 2 * r)}a${r} ${r} 0 0 1 ${r} ${r}v${n(h - 2 * r)}a${r} ${r} 0 0 1 ${-r} ${r}h${n(2 * r - w)}a${r} ${r} 0 0 1 ${-r} ${-r}v${n(2 * r - h)}a${r} ${r} 0 0 1 ${r} ${-r}Z`;
  }

  clip() {
    const id = `c${this.defs.length}`;
    this.defs.push(`<clipPath id="${id}"><path d="${this.path}"/></clipPath>`);
    this.out.push(`<g clip-path="url(#${id})">`);
    this.open++;
  }

  fill() { this.out.push(`<path d="${this.path}" fill="${this.paint(this.fillStyle)}"${this.alpha()}/>`); }
  stroke() { this.out.push(`<path d="${this.path}" fill="none" ${this.line()}${this.alpha()}/>`); }

  fillRect(x, y, w, h) {
    if (w > 0 && h > 0) this.out.push(`<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="${this.paint(this.fillStyle)}"${this.alpha()}/>`);
  }

  strokeRect(x, y, w, h) {
    if (w > 0 && h > 0) this.out.push(`<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="none" ${this.line()}${this.alpha()}/>`);
  }

  measureText(text) {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }

  fillText(text, x, y) {
    if (!text) return;
    const rise = RISE[this.textBaseline];
    const anchor = ANCHOR[this.textAlign];
    this.out.push(`<text x="${n(x)}" y="${n(y)}"${rise ? ` dy="${rise}"` : ''}${anchor ? ` text-anchor="${anchor}"` : ''} style="font:${escape(this.font).replaceAll('&quot;', "'")}" fill="${this.paint(this.fillStyle)}"${this.alpha()}>${escape(text)}</text>`);
  }

  drawImage(image, x, y, w, h) {
    this.out.push(`<image href="${image.toDataURL()}" x="${n(x)}" y="${n(y)}" width="${n(w ?? image.width)}" height="${n(h ?? image.height)}"${this.alpha()}/>`);
  }

  createPattern(tile) { return { tile }; }

  paint(style) {
    if (typeof style === 'string') return escape(style);
    let id = this.patterns.get(style.tile);
    if (!id) {
      id = `p${this.defs.length}`;
      this.patterns.set(style.tile, id);
      const { width, height } = style.tile;
      this.defs.push(`<pattern id="${id}" width="${width}" height="${height}" patternUnits="userSpaceOnUse"><image href="${style.tile.toDataURL()}" width="${width}" height="${height}"/></pattern>`);
    }
    return `url(#${id})`;
  }

  line() {
    return `stroke="${this.paint(this.strokeStyle)}" stroke-width="${n(this.lineWidth)}"${this.dash.length ? ` stroke-dasharray="${this.dash.join(' ')}"` : ''}`;
  }

  alpha() { return this.globalAlpha < 1 ? ` opacity="${n(this.globalAlpha)}"` : ''; }

  toString() {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${n(this.width)}" height="${n(this.height)}" viewBox="0 0 ${n(this.width)} ${n(this.height)}"><defs>${this.defs.join('')}</defs>${this.out.join('')}${'</g>'.repeat(this.open)}</svg>`;
  }
}
