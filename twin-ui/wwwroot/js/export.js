// Pictures of what a page shows, and its link. A page marks what is its picture with data-picture; all charts in it become one.

import { FONT, tokens } from './canvas.js';
import { download } from './app.js';

const PAD = 12;
const HEAD = 30;

/** Saves the picture of the page as PNG or SVG. Returns whether there was one. */
export async function picture(name, format, title) {
  const root = [...document.querySelectorAll('[data-picture]')].find(e => e.getClientRects().length > 0);
  const parts = root ? partsOf(root) : [];
  if (parts.length === 0) return false;
  const svg = await compose(root, parts, title);
  const blob = format === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await raster(svg);
  await download(name, blob.type, blob);
  return true;
}

/** Puts the address of what is shown on the clipboard; says whether the browser let it. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function print() {
  window.print();
}

function partsOf(root) {
  return [...root.querySelectorAll('canvas, svg')]
    .filter(e => !e.parentElement.closest('svg') && !e.closest('button, .tag, .status') && e.getClientRects().length > 0 && e.getBoundingClientRect().width > 40)
    .map(e => ({ element: e, box: e.getBoundingClientRect() }));
}

async function compose(root, parts, title) {
  const color = tokens();
  const left = Math.min(...parts.map(p => p.box.left));
  const top = Math.min(...parts.map(p => p.box.top));
  const width = Math.max(...parts.map(p => p.box.right)) - left + 2 * PAD;
  const height = Math.max(...parts.map(p => p.box.bottom)) - top + 2 * PAD + HEAD;
  const words = [...root.querySelectorAll('figcaption, h3')].filter(e => e.getClientRects().length > 0).map(e => {
    const box = e.getBoundingClientRect();
    return text(e.textContent.trim(), box.left - left + PAD, box.bottom - top + PAD + HEAD - 4, `600 13px ${FONT}`, color('ink'));
  });
  const inner = parts.map(({ element, box }) => place(element, box.left - left + PAD, box.top - top + PAD + HEAD, box));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`
    + `<rect width="100%" height="100%" fill="${color('surface')}"/>${text(title, PAD, 21, `600 15px ${FONT}`, color('ink'))}${words.join('')}${inner.join('')}</svg>`;
}

function text(words, x, y, font, fill) {
  const safe = words.replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
  return `<text x="${x}" y="${y}" style="font:${font.replaceAll('"', "'")}" fill="${fill}">${safe}</text>`;
}

function place(element, x, y, box) {
  if (element.twinSvg) return `<g transform="translate(${x} ${y})">${element.twinSvg()}</g>`;
  if (element instanceof HTMLCanvasElement) {
    return `<image href="${element.toDataURL()}" x="${x}" y="${y}" width="${box.width}" height="${box.height}"/>`;
  }
  const copy = element.cloneNode(true);
  dress(element, copy);
  copy.setAttribute('x', x);
  copy.setAttribute('y', y);
  copy.setAttribute('width', box.width);
  copy.setAttribute('height', box.height);
  return new XMLSerializer().serializeToString(copy);
}

/** Style sheets stay behind, so every shape takes its own style along. */
function dress(from, to) {
  const style = getComputedStyle(from);
  to.setAttribute('style', ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font', 'text-anchor'].map(p => `${p}:${style.getPropertyValue(p)}`).join(';').replaceAll('"', "'"));
  to.removeAttribute('class');
  for (let i = 0; i < from.children.length; i++) dress(from.children[i], to.children[i]);
}

function raster(svg) {
  return new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement('canvas');
      const ratio = Math.max(2, window.devicePixelRatio || 1);
      canvas.width = image.width * ratio;
      canvas.height = image.height * ratio;
      const pen = canvas.getContext('2d');
      pen.scale(ratio, ratio);
      pen.drawImage(image, 0, 0);
      canvas.toBlob(blob => (blob ? done(blob) : failed(new Error('The picture is too large.'))), 'image/png');
    };
    image.onerror = () => failed(new Error('The picture cannot be drawn.'));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  });
}
