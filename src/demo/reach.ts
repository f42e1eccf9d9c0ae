import { isRight, probePairs, type ExpectedProbe, type ProbeOutcome } from '../lab/prober/probe-pairs.js';
import type { ProbeProtocol, Probers } from '../lab/prober/probers.js';
import { addRoutesToAll, type Neighbour } from '../lab/prober/routes-to-all.js';
import type { DemoContext } from './demo-context.js';
import { pairsOf, type Endpoint } from './endpoints.js';
import { mayReach } from './expectation.js';

const FAMILIES = ['IPv4', 'IPv6', 'link-local'] as const;
const PROTOCOLS = ['icmp', 'tcp', 'udp'] as const;
const SHOWN = 10;

type Family = (typeof FAMILIES)[number];

interface PairProbe extends ExpectedProbe {
  readonly family: Family;
  readonly protocol: ProbeProtocol;
}

/** How many ordered pairs were tried, and with how many anything was not as the file says. */
export interface ReachResult {
  readonly pairs: number;
  readonly wrong: number;
}

/** Gives each machine what it needs to send to any other, whether it should reach it or not. */
export async function openMachines({ virtual, endpoints }: DemoContext): Promise<void> {
  await addRoutesToAll(
    endpoints.map((from) => ({
      machine: from.machine,
      device: from.device,
      neighbours: endpoints
        .filter((to) => to.machine !== from.machine && !mayReach(virtual, from, to))
        .flatMap(neighboursOf),
    })),
  );
}

function neighboursOf({ ipv4, ipv6, linkLocal, mac }: Endpoint): Neighbour[] {
  const addresses = [...ipv4, ...ipv6, ...(linkLocal === undefined ? [] : [linkLocal])];
  return mac === undefined ? [] : addresses.map((address) => ({ address, mac }));
}

/** Before anything is applied nothing is between the machines: what the probers do not reach now, they cannot. */
export async function probeOpenNetwork(context: DemoContext, probers: Probers): Promise<void> {
  const { screen, endpoints } = context;
  const probes = pairsOf(endpoints).flatMap((pair) => probesOf(pair, true, ['link-local']));
  const outcomes = await probePairs(probers, probes, context.patience);
  const pairs = pairsOf(endpoints).length;
  screen.line(
    `Nothing is between the machines: ${String(pairs - wrongPairs(outcomes).length)} of ${String(pairs)} ordered pairs reach each other.`,
  );
  for (const pair of wrongPairs(outcomes).slice(0, SHOWN)) screen.wrong(`${pair}: no answer`);
}

/** Tries every ordered pair by each protocol over each kind of address. */
export async function probeAppliedNetwork(context: DemoContext, probers: Probers): Promise<ReachResult> {
  const { screen, virtual, endpoints } = context;
  screen.heading('Who reaches whom');
  const probes = pairsOf(endpoints).flatMap((pair) => probesOf(pair, mayReach(virtual, ...pair), FAMILIES));
  const outcomes = await probePairs(probers, probes, context.patience);
  screen.line('Each machine has a route to everything, so silence means blocked.');
  screen.table([
    ['protocol', 'over', 'reached', 'of', 'blocked', 'of', 'wrong'],
    ...PROTOCOLS.flatMap((protocol) =>
      FAMILIES.map((family) =>
        summaryRow(
          protocol,
          family,
          outcomes.filter(({ probe }) => probe.protocol === protocol && probe.family === family),
        ),
      ),
    ),
  ]);
  const slowest = Math.max(0, ...outcomes.map(({ milliseconds }) => milliseconds ?? 0));
  screen.line(
    `The slowest answer took ${(slowest / 1000).toFixed(1)} s; after ${String(context.patience / 1000)} s without one, a way counts as blocked.`,
  );
  const wrong = wrongPairs(outcomes);
  for (const outcome of outcomes.filter((one) => !isRight(one)).slice(0, SHOWN)) {
    const { from, to, protocol, family, expected } = outcome.probe;
    screen.wrong(
      `${from} ${expected ? 'does not reach' : 'reaches'} ${to} by ${protocol.toUpperCase()} over ${family}`,
    );
  }
  return { pairs: pairsOf(endpoints).length, wrong: wrong.length };
}

function summaryRow(protocol: ProbeProtocol, family: Family, outcomes: readonly ProbeOutcome[]): string[] {
  const open = outcomes.filter(({ probe }) => probe.expected);
  const closed = outcomes.filter(({ probe }) => !probe.expected);
  return [
    ...[protocol.toUpperCase(), family],
    ...[String(open.filter(isRight).length), String(open.length)],
    ...[String(closed.filter(isRight).length), String(closed.length)],
    String(outcomes.filter((outcome) => !isRight(outcome)).length),
  ];
}

function probesOf(
  [from, to]: readonly [Endpoint, Endpoint],
  expected: boolean,
  families: readonly Family[],
): PairProbe[] {
  return families.flatMap((family) =>
    addressesOf(from, to, family).flatMap((address) =>
      PROTOCOLS.map((protocol) => ({
        from: from.machine,
        to: to.machine,
        protocol,
        address,
        family,
        expected,
      })),
    ),
  );
}

/** What of the receiver the sender could speak to. */
function addressesOf(from: Endpoint, to: Endpoint, family: Family): readonly string[] {
  switch (family) {
    case 'IPv4':
      return from.ipv4.length === 0 ? [] : to.ipv4;
    case 'IPv6':
      return from.ipv6.length === 0 ? [] : to.ipv6;
    case 'link-local':
      return to.linkLocal === undefined ? [] : [`${to.linkLocal}%${from.device}`];
  }
}

function wrongPairs(outcomes: readonly ProbeOutcome[]): string[] {
  const wrong = outcomes.filter((outcome) => !isRight(outcome));
  return [...new Set(wrong.map(({ probe }) => `${probe.from} to ${probe.to}`))];
}
