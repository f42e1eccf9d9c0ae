import uPlot from 'uplot';
import type { HistoryView } from '../wire/details-view.js';
import { rateText, shortRateText } from '../wire/quantity-text.js';
import { drawing, element, setAll } from './elements.js';

const HEIGHT = 150;
/** Seconds that a chart shows at least. */
const SHORTEST = 60;
const MILLISECONDS = 1000;
/** Of the first series, and of the second, which is dashed besides. */
const COLOURS = ['--series-1', '--series-2'] as const;
const DASHES = [[], [6, 4]] as const;

/** The last minutes as a drawing. */
export class Chart {
  readonly element = element('figure', { class: 'chart', role: 'img' });
  readonly #legend = element('figcaption');
  readonly #canvas = element('div');
  #plot: uPlot | undefined;
  #kind = '';

  constructor() {
    this.element.append(this.#canvas, this.#legend);
  }

  show(history: HistoryView): void {
    const names = history.series.map(({ name }) => name);
    const colours = COLOURS.map(colourOf);
    const width = Math.max(200, this.#canvas.clientWidth);
    const kind = JSON.stringify([names, history.limit === undefined, colours, width]);
    const data = dataOf(history);
    if (kind === this.#kind) this.#plot?.setData(data);
    else this.#make(history, data, width);
    this.#kind = kind;
    setAll(this.element, { 'aria-label': words(history) });
  }

  #make(history: HistoryView, data: uPlot.AlignedData, width: number): void {
    this.#plot?.destroy();
    const [ink, grid] = [colourOf('--quiet'), colourOf('--grid')];
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
    const options: uPlot.Options = {
      ...{ width, height: HEIGHT, legend: { show: false }, cursor: { show: false } },
      scales: {
        x: { range: ({ data: [times] }) => rangeOf(times) },
        y: { range: (_plot, _least, most) => [0, Math.max(1000, (most || 0) * 1.1)] },
      },
      axes: [
        { ...axis, space: 70, values: (_plot, times) => times.map(clockText) },
        { ...axis, size: 52, values: (_plot, rates) => rates.map(shortRateText) },
      ],
      series: [
        {},
        ...history.series.map(({ name }, i) => ({
          ...{ label: name, stroke: colourOf(COLOURS[i] ?? COLOURS[0]), width: 2, spanGaps: false },
          ...{ dash: [...(DASHES[i] ?? [])], points: { show: false } },
        })),
        ...(history.limit === undefined
          ? []
          : [{ label: 'limit', stroke: ink, width: 1, dash: [2, 3], points: { show: false } }]),
      ],
    };
    this.#plot = new uPlot(options, data, this.#canvas);
    this.#legend.replaceChildren(
      ...history.series.map(({ name }, i) => key(`series-${String(i + 1)}`, name)),
      ...(history.limit === undefined ? [] : [key('limit', `limit ${rateText(history.limit)}`)]),
    );
  }
}

function key(look: string, name: string): HTMLElement {
  const sample = { class: 'sample', viewBox: '0 0 34 12', 'aria-hidden': 'true' };
  return element('span', {}, [drawing('svg', sample, drawing('path', { d: 'M1 6h32', class: look })), name]);
}

function dataOf({ times, series, limit }: HistoryView): uPlot.AlignedData {
  return [
    times.map((time) => time / MILLISECONDS),
    ...series.map(({ rates }) => [...rates]),
    ...(limit === undefined ? [] : [times.map(() => limit)]),
  ];
}

function words({ series }: HistoryView): string {
  const parts = series.map(({ name, rates }) => {
    const known = rates.filter((rate) => rate !== null);
    const last = known.at(-1);
    return last === undefined
      ? `${name}: nothing measured`
      : `${name}: ${rateText(last)} now, at most ${rateText(Math.max(...known))}`;
  });
  return `The last minutes. ${parts.join('; ')}`;
}

/** Of one time alone, uPlot would show the day. */
function rangeOf(times: ArrayLike<number>): [number, number] {
  const last = times[times.length - 1] ?? 0;
  return [Math.min(times[0] ?? last, last - SHORTEST), last];
}

function clockText(seconds: number): string {
  return new Date(seconds * MILLISECONDS).toLocaleTimeString([], { hour12: false });
}

function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
