// The live line of this tab: one hub connection, one delta at a time, for whoever on the page wants it.
// The hub says that there is something new; the page asks for it when it is ready (Live/FrameBoard.cs describes the bytes).

const HEADER = 48;
const RECORD = 24;
const watchers = new Set();
let connection = null;
let plantId = null;
let since = 0;
let pulling = false;
let again = false;
let pace = null;

/** Calls back with every frame of a plant; the first one is complete. Returns a function that stops it. */
export function watch(plant, callback) {
  const watcher = { callback, fresh: true };
  watchers.add(watcher);
  if (!connection) open(plant);
  else pull();
  return () => watchers.delete(watcher);
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

function open(plant) {
  plantId = plant;
  connection = new signalR.HubConnectionBuilder()
    .withUrl('/hubs/twin')
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: c => Math.min(5000, 250 * 2 ** c.previousRetryCount) })
    .configureLogging(signalR.LogLevel.None)
    .build();
  connection.onreconnecting(() => online(false));
  connection.onclose(() => online(false));
  connection.onreconnected(() => { online(true); since = 0; listen(); });
  start();
}

async function start() {
  for (;;) {
    try {
      await connection.start();
      online(true);
      return listen();
    } catch {
      online(false);
      await new Promise(go => setTimeout(go, 1500));
    }
  }
}

function listen() {
  connection.stream('Changes', plantId).subscribe({ next: pull, error: () => {}, complete: () => {} });
}

function online(yes) {
  document.documentElement.classList.toggle('offline', !yes);
}

/** Asks for what is new; while an answer is under way, one more question is enough. */
async function pull() {
  if (pulling) {
    again = true;
    return;
  }
  pulling = true;
  try {
    do {
      again = false;
      if (watchers.size === 0 || connection.state !== signalR.HubConnectionState.Connected) break;
      const complete = [...watchers].some(w => w.fresh);
      const bytes = bytesOf(await connection.invoke('Pull', plantId, complete ? 0 : since));
      const frame = decode(bytes);
      since = frame.version;
      frame.speed = speedOf(frame);
      frame.bytes = bytes.length;
      for (const w of watchers) {
        if (w.fresh && !frame.full) continue;
        w.fresh = false;
        w.callback(frame);
      }
    } while (again || [...watchers].some(w => w.fresh));
  } catch {
    // The line broke; the reconnect asks anew.
  } finally {
    pulling = false;
  }
}

function bytesOf(answer) {
  if (answer instanceof Uint8Array) return answer;
  const text = atob(answer);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Plant milliseconds per millisecond, from the pace of the latest frames; 0 when the plant stands still. */
function speedOf(frame) {
  const at = performance.now();
  if (!pace || pace.run !== frame.run || frame.now < pace.now) pace = { run: frame.run, now: frame.now, at, speed: 0 };
  else if (at - pace.at > 900) {
    const measured = (frame.now - pace.now) / (at - pace.at);
    pace = { run: frame.run, now: frame.now, at, speed: measured };
  }
  return frame.stale || frame.faulted ? 0 : pace.speed;
}
