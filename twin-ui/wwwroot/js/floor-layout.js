// Where each tile stands: sites, in them work centres, in them equipment; wrapped to the shape of the window.

export const TILE = { width: 132, height: 66, gap: 7 };
const PAD = 10;
const HEAD = 24;

/**
 * @param machines array of { site, area } (names, in the scenario's order)
 * @param width window width in pixels
 * @param height window height in pixels
 * @returns { x, y, blocks, width, height } tiles' corners and the labelled blocks, in world units
 */
export function layOut(machines, width, height) {
  const sites = group(machines);
  if (width < 600) return pack(sites, machines.length, Math.max(width / 0.86, TILE.width + 4 * PAD), 1, HEAD);
  const area = machines.length * (TILE.width + TILE.gap) * (TILE.height + TILE.gap);
  const ideal = Math.sqrt(area * 1.25 * width / height);
  const siteHead = Math.min(120, Math.max(HEAD, 15 / Math.sqrt(width * height / (area * 1.6))));
  let best = null;
  for (const wide of machines.length > 2000 ? [1, 3] : [0.4, 0.7, 1, 1.6, 2.5, 4, 8]) {
    for (let step = 0; step <= 16; step++) {
      const tried = pack(sites, machines.length, Math.max(TILE.width + 4 * PAD, ideal * (0.6 + step * 0.08)), wide, siteHead);
      tried.scale = Math.min(width / tried.width, height / tried.height);
      if (!best || tried.scale > best.scale) best = tried;
    }
  }
  return best;
}

function group(machines) {
  const sites = new Map();
  machines.forEach((m, i) => {
    if (!sites.has(m.site)) sites.set(m.site, new Map());
    const areas = sites.get(m.site);
    if (!areas.has(m.area)) areas.set(m.area, []);
    areas.get(m.area).push(i);
  });
  return sites;
}

/** @param siteHead height of a site's heading: tall enough to be read when the whole plant is in sight
 *  @param wide how much wider than high work centres should be */
function pack(sites, count, width, wide, siteHead) {
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const blocks = [];
  const several = sites.size > 1;
  const shelf = new Shelf(width);
  for (const [site, areas] of sites) {
    const inner = Math.max(TILE.width + 2 * PAD, width - (several ? 2 * PAD : 0));
    const block = packSite(areas, several ? Math.min(inner, siteWidth(areas, width)) : inner, wide);
    const head = several ? siteHead : 0;
    const pad = several ? PAD : 0;
    const at = shelf.place(block.width + 2 * pad, block.height + head + pad);
    if (several) blocks.push({ x: at.x, y: at.y, width: block.width + 2 * pad, height: block.height + head + pad, label: site, level: 0, head, count: block.count });
    for (const area of block.areas) {
      const ax = at.x + pad + area.x;
      const ay = at.y + head + area.y;
      blocks.push({ x: ax, y: ay, width: area.width, height: area.height, label: area.label, level: 1, head: HEAD, members: area.members, count: area.members.length });
      area.members.forEach((m, k) => {
        x[m] = ax + PAD + (k % area.columns) * (TILE.width + TILE.gap);
        y[m] = ay + HEAD + Math.floor(k / area.columns) * (TILE.height + TILE.gap);
      });
    }
  }
  return { x, y, blocks, width: shelf.right, height: shelf.bottom };
}

function siteWidth(areas, width) {
  let tiles = 0;
  for (const members of areas.values()) tiles += members.length;
  const square = Math.sqrt(tiles * (TILE.width + TILE.gap) * (TILE.height + TILE.gap + 10) * 1.5) + 2 * PAD;
  return Math.min(width, Math.max(square, TILE.width + 2 * PAD));
}

function packSite(areas, width, wide) {
  const shelf = new Shelf(width);
  const packed = [];
  let count = 0;
  const fits = Math.max(1, Math.floor((width - 2 * PAD + TILE.gap) / (TILE.width + TILE.gap)));
  for (const [label, members] of areas) {
    const wished = areas.size === 1 ? fits : Math.ceil(Math.sqrt(members.length * wide));
    const columns = Math.max(1, Math.min(fits, wished, members.length));
    const rows = Math.ceil(members.length / columns);
    const w = columns * (TILE.width + TILE.gap) - TILE.gap + 2 * PAD;
    const h = rows * (TILE.height + TILE.gap) - TILE.gap + HEAD + PAD;
    const at = shelf.place(w, h);
    packed.push({ x: at.x, y: at.y, width: w, height: h, label, members, columns });
    count += members.length;
  }
  return { areas: packed, width: shelf.right, height: shelf.bottom, count };
}

/** Puts boxes beside each other until the row is full, then starts the next one below. */
class Shelf {
  constructor(width) {
    this.limit = width;
    this.x = 0;
    this.y = 0;
    this.row = 0;
    this.right = 0;
    this.bottom = 0;
  }

  place(w, h) {
    if (this.x > 0 && this.x + w > this.limit) {
      this.x = 0;
      this.y += this.row + TILE.gap;
      this.row = 0;
    }
    const at = { x: this.x, y: this.y };
    this.x += w + TILE.gap;
    this.row = Math.max(this.row, h);
    this.right = Math.max(this.right, at.x + w);
    this.bottom = Math.max(this.bottom, at.y + h);
    return at;
  }
}
