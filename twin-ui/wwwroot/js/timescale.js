// Time on a chart: the plant's zone, sensible ticks, words in the viewer's language.

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const STEPS = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY];

/** The plant's clock: seconds since the epoch ⇄ wall-clock words. */
export class PlantClock {
  /** @param epoch Unix ms of second zero; zone an IANA name; language a BCP 47 tag. */
  constructor(epoch, zone, language) {
    this.epoch = epoch;
    this.offsets = new Map();
    const chinese = language.startsWith('zh');
    const tag = chinese ? 'zh-CN' : 'en-GB';
    const make = options => new Intl.DateTimeFormat(tag, { timeZone: zone, hourCycle: 'h23', ...options });
    this.parts = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
    this.minute = make({ hour: '2-digit', minute: '2-digit' });
    this.day = make({ weekday: 'short', day: 'numeric', month: chinese ? 'long' : 'short' });
    this.full = make({ weekday: 'short', day: 'numeric', month: chinese ? 'long' : 'short', hour: '2-digit', minute: '2-digit' });
    this.units = chinese ? { d: '天', h: '小时', m: '分', gap: '' } : { d: ' d', h: ' h', m: ' min', gap: ' ' };
  }

  date(seconds) {
    return new Date(this.epoch + seconds * 1000);
  }

  /** Seconds that the zone's wall clock is ahead of UTC at a moment; remembered by the hour. */
  offset(seconds) {
    const key = Math.floor(seconds / HOUR);
    let offset = this.offsets.get(key);
    if (offset === undefined) {
      const moment = this.date(key * HOUR);
      const p = Object.fromEntries(this.parts.formatToParts(moment).map(x => [x.type, Number(x.value)]));
      offset = Math.round((Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) - moment.getTime()) / 1000);
      this.offsets.set(key, offset);
    }
    return offset;
  }

  /** First multiple of a step, in local time, at or after a moment. */
  align(seconds, step) {
    const base = this.epoch / 1000;
    const offset = this.offset(seconds);
    const local = base + seconds + offset;
    // Weeks begin on Monday: 1 January 1970 was a Thursday.
    const shift = step >= 7 * DAY ? 4 * DAY : 0;
    return Math.ceil((local - shift) / step) * step + shift - offset - base;
  }

  timeOfDay(seconds) { return this.minute.format(this.date(seconds)); }
  dayName(seconds) { return this.day.format(this.date(seconds)); }
  moment(seconds) { return this.full.format(this.date(seconds)); }

  /** Two largest units of a length. */
  length(seconds) {
    const sign = seconds < 0 ? '−' : '';
    const minutes = Math.round(Math.abs(seconds) / 60);
    const { d, h, m, gap } = this.units;
    const two = (a, ua, b, ub) => sign + a + ua + (b ? gap + b + ub : '');
    if (minutes >= 1440) return two(Math.floor(minutes / 1440), d, Math.floor(minutes % 1440 / 60), h);
    if (minutes >= 60) return two(Math.floor(minutes / 60), h, minutes % 60, m);
    return sign + minutes + m;
  }
}

/** Step between small ticks such that labels have room. */
export function stepFor(secondsPerPixel, room) {
  return STEPS.find(s => s / secondsPerPixel >= room) ?? STEPS[STEPS.length - 1];
}

/** Ticks between two moments: { at, label, day } with day set where a day begins. */
export function ticks(clock, from, to, secondsPerPixel) {
  const step = stepFor(secondsPerPixel, 64);
  const found = [];
  for (let at = clock.align(from, step); at <= to; at = clock.align(at + step, step)) {
    found.push({ at, label: step < DAY ? clock.timeOfDay(at) : clock.dayName(at) });
    if (found.length > 400) break;
  }
  const days = [];
  if (step < DAY) {
    for (let at = clock.align(from - DAY, DAY); at <= to; at = clock.align(at + DAY, DAY)) days.push({ at, label: clock.dayName(at) });
  }
  return { step, ticks: found, days };
}
