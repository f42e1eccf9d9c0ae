import type { Html } from '../../../html/html.js';
import { axis, COLOURS, figure, frame } from './chart.js';

export interface BarChart {
  readonly caption: string;
  readonly categories: readonly string[];
  readonly x: string;
  readonly y: { readonly name: string; readonly log?: boolean };
  readonly groups: readonly {
    readonly name: string;
    readonly colour: string;
    /** One per category; none is no bar. */
    readonly values: readonly (number | undefined)[];
  }[];
}

/** Bars side by side for each category. */
export function barChart({ caption, categories, x, y, groups }: BarChart): Html {
  return figure(caption, (narrow) => ({
    ...frame(
      narrow,
      groups.map(({ name }) => name),
    ),
    xAxis: {
      ...axis(x, { narrow }),
      type: 'category',
      data: [...categories],
      splitLine: { show: false },
      axisLabel: { color: COLOURS.quiet, interval: 0, fontSize: narrow ? 10 : 12 },
    },
    yAxis: { ...axis(y.name, { log: y.log ?? false, narrow, vertical: true }), scale: false },
    series: groups.map(({ name, colour, values }) => ({
      ...{ type: 'bar', name, silent: true, itemStyle: { color: colour } },
      data: values.map((value) => value ?? '-'),
    })),
  }));
}
