// What a bar of the Gantt looks like and says: colours by many things, the words of its tooltip.

import { FLAG, KIND } from './gantt-model.js';

/** Little to much power. */
const HEAT = ['#ffe9a8', '#fdc566', '#f39a45', '#d9602f', '#a12a1f'];

/** Colour of a bar by what the chart is coloured by. */
export function colorOf(g, i) {
  const { bars, plan } = g;
  const order = bars.order[i];
  switch (g.colorBy) {
    case 'lateness': return bars.hasDue(i) ? g.color(bars.late[i] > 0 ? 'bar-late' : 'bar-ok') : g.color('st-idle');
    case 'order': return steady(order);
    case 'firm': return plan.orderFirm[order] >= 0 ? steady(plan.orderFirm[order]) : g.color('st-idle');
    case 'energy': return HEAT[Math.min(HEAT.length - 1, Math.floor(Math.sqrt(bars.kw[i] / g.mostKw) * HEAT.length))];
    case 'risk': {
      const risk = g.risks?.[order] ?? -1;
      return g.color(risk < 0 ? 'st-idle' : risk > 0.5 ? 'bar-late' : risk > 0.1 ? 'bar-risk' : 'bar-ok');
    }
    default: return plan.families[bars.family[i]]?.color ?? '#7f8b9c';
  }
}

/** What the tooltip of a bar says. */
export function linesOf(g, i) {
  const { bars, texts, clock } = g;
  const kind = Object.keys(KIND).find(k => KIND[k] === bars.kind[i]);
  const family = g.plan.families[bars.family[i]];
  const work = bars.isWork(i);
  const late = bars.late[i];
  return [
    work ? g.labelOf(i) : texts[`gantt.kind.${kind}`],
    work ? texts[`gantt.kind.${kind}`] + ((bars.flags[i] & FLAG.locked) !== 0 ? ` · ${texts['gantt.locked']}` : '') : '',
    g.plan.rows[bars.machine[i]].name,
    `${clock.moment(bars.start[i])} → ${clock.moment(bars.end[i])} (${clock.length(bars.end[i] - bars.start[i])})`,
    work && family ? `${texts['gantt.family']}: ${family.name}` : '',
    work && bars.setup[i] < bars.start[i] ? `${texts['gantt.setup']}: ${clock.length(bars.start[i] - bars.setup[i])}` : '',
    work && bars.kw[i] > 0 ? `${Math.round(bars.kw[i] * 10) / 10} kW` : '',
    work && bars.hasDue(i) ? (late > 0 ? `${texts['gantt.late']}: ${clock.length(late)}` : `${texts['gantt.early']}: ${clock.length(-late)}`) : '',
  ];
}

/** A steady colour for a number: hues a golden angle apart. */
function steady(number) {
  const hue = (number * 137.508) % 360;
  const f = n => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (0.52 - 0.26 * Math.max(-1, Math.min(k - 3, 9 - k, 1)))).toString(16).padStart(2, '0');
  };
  return `#${f(0)}${f(8)}${f(4)}`;
}
