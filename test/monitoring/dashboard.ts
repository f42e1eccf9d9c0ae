import { readText } from './files.js';

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly definition?: string;
}
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}
export interface Dashboard {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

export const dashboard = JSON.parse(readText('grafana/netmgr.json')) as Dashboard;

/** What Grafana puts for its variables if all is chosen. */
const ALL: Readonly<Record<string, string>> = {
  host: '.*',
  vif: '.*',
  __rate_interval: '5m',
  __range: '1h',
};

/** The queries of the dashboard as Prometheus gets them, with where they are. */
export const dashboardQueries: readonly { readonly where: string; readonly query: string }[] = [
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr }) => ({ where: `${title} ${refId}`, query: filled(expr) })),
  ),
  ...dashboard.templating.list.flatMap(({ name, definition }) => {
    const series = /^label_values\((.*), *\w+\)$/.exec(definition ?? '')?.[1];
    return series === undefined ? [] : [{ where: `the variable ${name}`, query: filled(series) }];
  }),
];

function filled(expression: string): string {
  return expression.replace(/\$(\w+)/g, (_, name: string) => {
    const value = ALL[name];
    if (value === undefined) throw new Error(`the dashboard has no variable ${name}`);
    return value;
  });
}
