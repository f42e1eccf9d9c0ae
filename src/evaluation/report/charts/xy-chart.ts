import type { CustomSeriesRenderItem } from 'echarts';
import type { Html } from '../../../html/html.js';
import { axis, COLOURS, figure, frame, type AxisOptions } from './chart.js';

type Point = readonly [x: number, y: number];

/** What was to be. */
export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly dashed?: boolean;
  readonly points: readonly Point[];
}

/** What was measured: each repetition, their mean, and how far its confidence interval reaches to either side. */
export interface Marks {
  readonly name: string;
  readonly colour: string;
  readonly symbol: 'circle' | 'triangle' | 'rect';
  readonly repetitions: readonly Point[];
  readonly means: readonly (readonly [x: number, y: number, halfWidth: number | undefined])[];
}

export interface XyChart {
  readonly caption: string;
  readonly x: AxisOptions & { readonly name: string };
  readonly y: AxisOptions & { readonly name: string };
  readonly lines: readonly Line[];
  readonly marks?: readonly Marks[];
}

/** Lines for what was to be, and marks for what was. */
export function xyChart({ caption, x, y, lines, marks = [] }: XyChart): Html {
  return figure(caption, (narrow) => ({
    ...frame(
      narrow,
      [...lines, ...marks].map(({ name }) => name),
    ),
    xAxis: axis(x.name, { ...x, narrow }),
    yAxis: axis(y.name, { ...y, narrow, vertical: true }),
    series: [...lines.map(lineSeries), ...marks.flatMap((one) => markSeries(one, y.log === true))],
  }));
}

function lineSeries({ name, colour, dashed = false, points }: Line): object {
  return {
    ...{ type: 'line', name, data: points, showSymbol: false, silent: true },
    lineStyle: { color: colour, width: 2, type: dashed ? 'dashed' : 'solid' },
    itemStyle: { color: colour },
  };
}

function markSeries({ name, colour, symbol, repetitions, means }: Marks, log: boolean): object[] {
  const bars = means.flatMap(([x, y, half]) =>
    // A logarithm has no place for what is not above zero.
    half === undefined || (log && y - half <= 0) ? [] : [[x, y - half, y + half]],
  );
  return [
    {
      ...{ type: 'scatter', data: repetitions, symbol, symbolSize: 5, silent: true },
      itemStyle: { color: colour, opacity: 0.35 },
    },
    { type: 'custom', data: bars, silent: true, renderItem: errorBar(colour) },
    {
      ...{ type: 'scatter', name, data: means.map(([x, y]) => [x, y]), symbol, symbolSize: 8, silent: true },
      itemStyle: { color: colour },
    },
  ];
}

const CAP = 4;

function errorBar(colour: string): CustomSeriesRenderItem {
  return (_parameters, api) => {
    const [x = 0, low = 0] = api.coord([api.value(0), api.value(1)]);
    const [, high = 0] = api.coord([api.value(0), api.value(2)]);
    const line = (x1: number, y1: number, x2: number, y2: number): object => ({
      type: 'line',
      shape: { x1, y1, x2, y2 },
      style: { stroke: colour, fill: 'none', lineWidth: 1.5 },
    });
    return {
      type: 'group',
      children: [
        line(x, low, x, high),
        line(x - CAP, low, x + CAP, low),
        line(x - CAP, high, x + CAP, high),
      ] as never[],
    };
  };
}

/** A bound to either side of zero. */
export function boundLines(name: string, points: readonly Point[]): Line[] {
  const line = (sign: number): Line => ({
    ...{ name, colour: COLOURS.bound, dashed: true },
    points: points.map(([x, y]) => [x, sign * y] as const),
  });
  return [line(1), line(-1)];
}
