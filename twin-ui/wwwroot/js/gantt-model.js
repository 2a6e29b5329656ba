// Bars of the Gantt as columns, read straight from the server's bytes (Live/GanttFrame.cs writes them).

export const KIND = { planned: 0, past: 1, done: 2, running: 3, setup: 4, cleaning: 5, down: 6, maintenance: 7 };
export const FLAG = { locked: 1, batch: 2, held: 4, first: 8 };
const NO_DUE = -2147483648;
const MOST_LANES = 8;
const COLUMNS = ['setup', 'start', 'end', 'job', 'order', 'late', 'kw', 'family', 'kind', 'flags', 'machine'];

export class Bars {
  /** @param buffer bytes of a frame; bars sorted by row, then kind of lane, then start */
  constructor(buffer, rowCount) {
    const head = new DataView(buffer);
    if (head.getUint32(0, true) !== 0x31544e47) throw new Error('This is not a Gantt frame.');
    const n = this.count = head.getUint32(4, true);
    this.now = head.getFloat64(8, true) / 1000;
    this.version = head.getInt32(16, true);
    let at = 24;
    const column = Type => {
      const c = new Type(buffer, at, n);
      at += n * Type.BYTES_PER_ELEMENT;
      return c;
    };
    this.row = column(Int32Array);
    this.setup = column(Int32Array);
    this.start = column(Int32Array);
    this.end = column(Int32Array);
    this.job = column(Int32Array);
    this.order = column(Int32Array);
    this.late = column(Int32Array);
    this.kw = column(Float32Array);
    this.family = column(Int16Array);
    this.kind = column(Uint8Array);
    this.flags = column(Uint8Array);
    this.machine = this.row;
    this.index(rowCount);
  }

  /** The same bars by other rows: orders, firms, families. Those that belong to none (breakdowns) are left out. */
  by(rowOf, rowCount) {
    const chosen = [];
    const rows = new Int32Array(this.count);
    for (let i = 0; i < this.count; i++) {
      rows[i] = this.order[i] >= 0 ? rowOf(i) : -1;
      if (rows[i] >= 0) chosen.push(i);
    }
    chosen.sort((a, b) => rows[a] - rows[b] || this.setup[a] - this.setup[b]);
    const copy = Object.create(Bars.prototype);
    Object.assign(copy, { count: chosen.length, now: this.now, version: this.version });
    for (const name of COLUMNS) copy[name] = this[name].constructor.from(chosen, i => this[name][i]);
    copy.row = Int32Array.from(chosen, i => rows[i]);
    copy.index(rowCount);
    return copy;
  }

  /** Where each row begins, and how far right anything reaches up to each bar: the key to finding what is in sight. */
  index(rowCount) {
    this.first = new Int32Array(rowCount + 1);
    for (let i = 0; i < this.count; i++) this.first[this.row[i] + 1]++;
    for (let r = 0; r < rowCount; r++) this.first[r + 1] += this.first[r];
    this.reach = new Int32Array(this.count);
    this.from = Infinity;
    this.to = -Infinity;
    for (let i = 0; i < this.count; i++) {
      const begins = i === this.first[this.row[i]];
      this.reach[i] = begins ? this.end[i] : Math.max(this.reach[i - 1], this.end[i]);
      if (this.setup[i] < this.from) this.from = this.setup[i];
      if (this.end[i] > this.to) this.to = this.end[i];
    }
    this.stack(rowCount);
  }

  /** Equipment with several slots runs batches side by side: each gets a lane of its row. */
  stack(rowCount) {
    this.lane = new Uint8Array(this.count);
    this.lanes = new Uint8Array(rowCount).fill(1);
    for (let row = 0; row < rowCount; row++) {
      const free = [];
      for (let i = this.first[row]; i < this.first[row + 1]; i++) {
        if (this.kind[i] === KIND.past || this.kind[i] >= KIND.down) continue;
        let lane = free.findIndex(end => end <= this.setup[i]);
        if (lane < 0) lane = free.length < MOST_LANES ? free.length : free.indexOf(Math.min(...free));
        free[lane] = Math.max(free[lane] ?? 0, this.end[i]);
        this.lane[i] = lane;
      }
      this.lanes[row] = Math.max(1, free.length);
    }
  }

  /** First bar of a row that may reach past a moment. */
  firstAfter(row, seconds) {
    let low = this.first[row];
    let high = this.first[row + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.reach[middle] < seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  hasDue(i) { return this.late[i] !== NO_DUE; }
  isPlan(i) { return this.kind[i] <= KIND.past; }
  isWork(i) { return this.kind[i] <= KIND.running; }

  /** Median length of the bars, from a sample. */
  usualLength() {
    const step = Math.max(1, Math.floor(this.count / 500));
    const lengths = [];
    for (let i = 0; i < this.count; i += step) if (this.isWork(i)) lengths.push(this.end[i] - this.setup[i]);
    lengths.sort((a, b) => a - b);
    return lengths[lengths.length >> 1] ?? 3600;
  }

  /** The bar in which a job is planned or runs; −1 for none. */
  ofJob(job) {
    if (!(job >= 0)) return -1;
    for (let i = 0; i < this.count; i++) if (this.job[i] === job && this.isWork(i) && this.kind[i] !== KIND.past) return i;
    return -1;
  }

  /** Bars of an order by start. */
  ofOrder(order) {
    const found = [];
    for (let i = 0; i < this.count; i++) if (this.order[i] === order && this.isWork(i)) found.push(i);
    return found.sort((a, b) => this.start[a] - this.start[b]);
  }
}

/** Rows to show, in order: filtered by words, sorted by a key. */
export function chooseRows(rows, bars, words, sort) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = [];
  rows.forEach((row, i) => {
    if (row.sparse && bars && bars.first[i] === bars.first[i + 1]) return;
    const text = `${row.name} ${row.id} ${row.area} ${row.site}`.toLowerCase();
    if (wanted.every(w => text.includes(w))) chosen.push(i);
  });
  const load = i => {
    let sum = 0;
    for (let b = bars?.first[i] ?? 0; b < (bars?.first[i + 1] ?? 0); b++) {
      if (bars.kind[b] === KIND.planned || bars.kind[b] === KIND.running) sum += bars.end[b] - Math.max(bars.start[b], bars.now);
    }
    return sum;
  };
  if (sort === 'name') chosen.sort((a, b) => rows[a].name.localeCompare(rows[b].name, undefined, { numeric: true }));
  else if (sort === 'load') {
    const loads = new Map(chosen.map(i => [i, load(i)]));
    chosen.sort((a, b) => loads.get(b) - loads.get(a));
  }
  return chosen;
}
