import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** A file of docs/monitoring/, such as `prometheus/alerts.yml`. */
export const monitoringFile = (name: string): string =>
  fileURLToPath(new URL(`../../docs/monitoring/${name}`, import.meta.url));

export const readText = (name: string): string => readFileSync(monitoringFile(name), 'utf8');

/** What a YAML file says. The caller knows its form. */
export const readYaml = (name: string): unknown => parse(readText(name)) as unknown;

/** What the exporter makes of an object of the MIB. */
export interface Metric {
  readonly name: string;
  readonly oid: string;
  readonly type: string;
  /** Of a column. */
  readonly indexes?: readonly unknown[];
  readonly lookups?: readonly Lookup[];
}

interface Lookup {
  readonly labels: readonly string[];
  readonly labelname: string;
  readonly oid?: string;
}

export type Module = 'netemu' | 'netemu_links';

export function metricsOf(module: Module): readonly Metric[] {
  const modules = readYaml('prometheus/snmp.yml') as Record<Module, { metrics: readonly Metric[] }>;
  return modules[module].metrics;
}

/** The labels of a metric's rows, by the columns that they are from. A lookup of nothing takes a label away. */
export function lookupsOf({ lookups = [] }: Metric): readonly { labelname: string; oid: string }[] {
  return lookups.flatMap(({ labels, labelname, oid }) =>
    labels.length === 0 || oid === undefined ? [] : [{ labelname, oid }],
  );
}

/** All labels of a metric: texts and enumerations are in one of its own name. */
export function labelsOf(metric: Metric): readonly string[] {
  const isNumber = metric.type === 'gauge' || metric.type === 'counter';
  return [...lookupsOf(metric).map(({ labelname }) => labelname), ...(isNumber ? [] : [metric.name])];
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export function alertRules(): readonly AlertRule[] {
  const { groups } = readYaml('prometheus/alerts.yml') as { groups: { rules: AlertRule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}
