// The live lines of this tab: one hub connection per plant (or replay), one delta at a time, for whoever on the page wants it.
// The hub says that there is something new; the page asks for it when it is ready (Live/FrameBoard.cs describes the bytes).

const HEADER = 48;
const RECORD = 24;
const LINGER_MS = 4000;
const lines = new Map();

/** Calls back with every frame of a plant; the first one is complete. Returns a function that stops it. */
export function watch(plant, callback) {
  const watcher = { callback, fresh: true };
  const line = lines.get(plant) ?? new Line(plant);
  line.add(watcher);
  return () => line.remove(watcher);
}

/** Bytes of a frame as numbers. */
export function decode(bytes) {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] !== 0x54 || bytes[1] !== 1) throw new Error(`Unknown frame layout ${bytes[1]}. Maybe load the page again.`);
  const count = data.getUint32(4, true);
  const frame = {
    full: (bytes[2] & 1) !== 0, stale: (bytes[2] & 2) !== 0, faulted: (bytes[2] & 4) !== 0,
    version: data.getFloat64(8, true), now: data.getFloat64(24, true), scheduleVersion: data.getUint32(32, true), run: data.getUint32(36, true),
    waiting: data.getUint32(44, true), machines: new Array(count),
  };
  for (let k = 0, at = HEADER; k < count; k++, at += RECORD) {
    frame.machines[k] = {
      index: data.getInt32(at, true), status: bytes[at + 4], flags: bytes[at + 5], progress: bytes[at + 6] / 255, active: bytes[at + 7],
      family: data.getInt16(at + 8, true), queue: data.getUint16(at + 10, true), job: data.getInt32(at + 12, true), since: data.getFloat64(at + 16, true),
    };
  }
  return frame;
}

/** What one plant tells: opened with its first watcher, closed some seconds after its last. */
class Line {
  constructor(plant) {
    lines.set(plant, this);
    this.plant = plant;
    this.watchers = new Set();
    this.since = 0;
    this.pulling = false;
    this.again = false;
    this.pace = null;
    this.connection = new signalR.HubConnectionBuilder()
      .withUrl('/hubs/twin')
      .withAutomaticReconnect({ nextRetryDelayInMilliseconds: c => Math.min(5000, 250 * 2 ** c.previousRetryCount) })
      .configureLogging(signalR.LogLevel.None)
      .build();
    this.connection.onreconnecting(() => online(false));
    this.connection.onclose(() => { if (lines.get(plant) === this) online(false); });
    this.connection.onreconnected(() => { online(true); this.since = 0; this.listen(); });
    this.start();
  }

  add(watcher) {
    this.watchers.add(watcher);
    this.pull();
  }

  remove(watcher) {
    this.watchers.delete(watcher);
    setTimeout(() => {
      if (this.watchers.size > 0 || lines.get(this.plant) !== this) return;
      lines.delete(this.plant);
      this.connection.stop();
    }, LINGER_MS);
  }

  async start() {
    while (lines.get(this.plant) === this) {
      try {
        await this.connection.start();
        online(true);
        return this.listen();
      } catch {
        online(false);
        await new Promise(go => setTimeout(go, 1500));
      }
    }
  }

  listen() {
    this.connection.stream('Changes', this.plant).subscribe({ next: () => this.pull(), error: () => {}, complete: () => {} });
  }

  /** Asks for what is new; while an answer is under way, one more question is enough. */
  async pull() {
    if (this.pulling) {
      this.again = true;
      return;
    }
    this.pulling = true;
    try {
      do {
        this.again = false;
        if (this.watchers.size === 0 || this.connection.state !== signalR.HubConnectionState.Connected) break;
        const complete = [...this.watchers].some(w => w.fresh);
        const bytes = bytesOf(await this.connection.invoke('Pull', this.plant, complete ? 0 : this.since));
        const frame = decode(bytes);
        this.since = frame.version;
        frame.speed = this.speedOf(frame);
        frame.bytes = bytes.length;
        for (const w of this.watchers) {
          if (w.fresh && !frame.full) continue;
          w.fresh = false;
          w.callback(frame);
        }
      } while (this.again || [...this.watchers].some(w => w.fresh));
    } catch {
      // The line broke; the reconnect asks anew.
    } finally {
      this.pulling = false;
    }
  }

  /** Plant milliseconds per millisecond, from the pace of the latest frames; 0 when the plant stands still. */
  speedOf(frame) {
    const at = performance.now();
    const { pace } = this;
    if (!pace || pace.run !== frame.run || frame.now < pace.now) this.pace = { run: frame.run, now: frame.now, at, speed: 0 };
    else if (at - pace.at > 900) this.pace = { run: frame.run, now: frame.now, at, speed: (frame.now - pace.now) / (at - pace.at) };
    return frame.stale || frame.faulted ? 0 : this.pace.speed;
  }
}

function online(yes) {
  document.documentElement.classList.toggle('offline', !yes);
}

function bytesOf(answer) {
  if (answer instanceof Uint8Array) return answer;
  const text = atob(answer);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
