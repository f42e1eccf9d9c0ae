import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { Html, html } from '../../../html/html.js';

use([BarChart, CustomChart, GridComponent, LegendComponent, LineChart, ScatterChart, SVGRenderer]);

/** The page's colours: its style sheet says what they are in the light and in the dark. */
export const COLOURS = {
  ink: 'var(--ink)',
  quiet: 'var(--quiet)',
  grid: 'var(--grid)',
  local: 'var(--local)',
  remote: 'var(--remote)',
  theory: 'var(--theory)',
  bound: 'var(--bound)',
} as const;

/** A chart for wide screens, and the same for a telephone, where scaled letters could not be read. */
const SIZES = [
  { name: 'wide', width: 720, height: 380, narrow: false },
  { name: 'narrow', width: 352, height: 330, narrow: true },
] as const;

/** A figure with a chart in it, as SVG, in two sizes of which the page shows one. */
export function figure(caption: string, optionOf: (narrow: boolean) => EChartsCoreOption): Html {
  const drawings = SIZES.map(({ name, width, height, narrow }) => {
    const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
    try {
      chart.setOption({
        animation: false,
        backgroundColor: 'transparent',
        textStyle: { color: COLOURS.ink, fontFamily: 'system-ui, sans-serif', fontSize: 12 },
        ...optionOf(narrow),
      });
      return html`<div class="${name}" role="img" aria-label="${caption}">
        ${new Html(chart.renderToSVGString())}
      </div>`;
    } finally {
      chart.dispose();
    }
  });
  return html`<figure>
    ${drawings}
    <figcaption>${caption}</figcaption>
  </figure>`;
}

/** An axis with the page's colours. */
export function axis(
  name: string,
  { log = false, narrow = false, vertical = false, min, max, label }: AxisOptions,
): object {
  return {
    ...{ type: log ? 'log' : 'value', name, scale: true, min, max },
    ...{ nameLocation: 'middle', nameGap: vertical ? (narrow ? 40 : 48) : 30 },
    nameTextStyle: { color: COLOURS.ink, fontSize: 12 },
    axisLabel: {
      color: COLOURS.quiet,
      hideOverlap: true,
      ...(label === undefined ? {} : { formatter: label }),
    },
    axisLine: { show: true, onZero: false, lineStyle: { color: COLOURS.quiet } },
    axisTick: { show: true, lineStyle: { color: COLOURS.quiet } },
    splitLine: { show: true, lineStyle: { color: COLOURS.grid } },
    minorTick: { show: false },
  };
}

export interface AxisOptions {
  readonly log?: boolean;
  readonly narrow?: boolean;
  readonly vertical?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly label?: (value: number) => string;
}

/** Where the drawing stands in its figure, and the legend above it. */
export function frame(narrow: boolean, names: readonly string[]): object {
  return {
    grid: { left: narrow ? 56 : 68, right: 18, top: narrow ? 62 : 40, bottom: 48 },
    legend: {
      ...{ top: 0, left: 'center', data: [...names], itemWidth: 22, itemHeight: 9, itemGap: 12 },
      textStyle: { color: COLOURS.ink, fontSize: 12 },
      inactiveColor: COLOURS.quiet,
    },
  };
}
