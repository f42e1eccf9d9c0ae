import { numberOf, recordOf, textOf } from '../printed.js';

type Printed = Readonly<Record<string, unknown>>;

/** Whoever is root in a machine chooses labels and names there: none may become a line of its own in a batch. */
export const isSafe = (text: string): boolean => /^[\w .:/@-]+$/.test(text);

/**
 * A route as `ip -j route` prints it, as `ip route` takes it; undefined for IPv6 routes, which stay when addresses go,
 * and for those that the kernel makes by itself.
 */
export function printedRouteLine(record: Printed): string | undefined {
  const { dst, protocol, table, pref } = record;
  if (pref !== undefined || protocol === 'kernel' || typeof dst !== 'string') return undefined;
  const metrics = listOf(record['metrics']).flatMap((entry) =>
    Object.entries(entry).flatMap(([key, value]) => [key, String(value)]),
  );
  const line = [
    ...option('', record['type']),
    dst,
    ...option('tos', record['tos']),
    ...nextHop(record),
    ...option('table', table),
    ...option('proto', protocol),
    ...option('scope', record['scope']),
    ...option('src', record['prefsrc']),
    ...option('metric', record['metric']),
    ...metrics,
    ...nextHops(record).flatMap((hop) => [
      'nexthop',
      ...nextHop(hop),
      'weight',
      String(numberOf(hop['weight'])),
    ]),
  ].join(' ');
  return isSafe(line) ? line : undefined;
}

/** The interfaces that a printed route needs. */
export function devicesOf(record: Printed): string[] {
  return [...new Set([record, ...nextHops(record)].map(({ dev }) => textOf(dev)))].filter(
    (dev) => dev !== '',
  );
}

const nextHops = (record: Printed): Printed[] => listOf(record['nexthops']);

function nextHop(hop: Printed): string[] {
  const flags = hop['flags'];
  const { family, host } = recordOf(hop['via']);
  return [
    ...option('via', hop['gateway']),
    ...(typeof family === 'string' && typeof host === 'string' ? ['via', family, host] : []),
    ...option('dev', hop['dev']),
    ...(Array.isArray(flags) && flags.includes('onlink') ? ['onlink'] : []),
  ];
}

function option(name: string, value: unknown): string[] {
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  return name === '' ? [String(value)] : [name, String(value)];
}

const listOf = (value: unknown): Printed[] => (Array.isArray(value) ? value.map(recordOf) : []);
