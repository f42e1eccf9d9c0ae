import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors.js';
import type { PlacedNode } from '../merge/placed-node.js';
import { delayOf } from '../merge/wanted-network.js';
import { SnmpProber } from '../snmp/snmp-prober.js';
import type { SnmpSession } from '../snmp/snmp-session.js';
import { NO_RESULT } from '../probe/prober.js';
import { SMALL, timeoutOf } from '../probe/echo-parameters.js';
import type { Explanation } from './explanation.js';
import { readFreshView, type HostView } from './host-view.js';
import { traceOf, type ProbeOutcome, type ProbeTrace } from './trace.js';

/** Milliseconds to the next packet, if there were one. */
const INTERVAL = 1000;
/** Milliseconds for what is still under way when nobody waits for an answer any more. */
const SETTLE = 200;

/** Milliseconds beside what is asked that one packet is waited for: a late one is to be told from a lost one. */
const PATIENCE = 3000;
/** What the kernel says to who has no way (strerror(3)). */
const NO_WAY = /Network is unreachable|No route to host/;

/** What the probe is made with. */
export interface ProbeMeans {
  /** With the agents that answer. */
  readonly sessions: readonly SnmpSession[];
  /** What they said before, by the names of hosts. */
  readonly views: ReadonlyMap<string, HostView>;
  readonly vifsOf: (host: string) => readonly string[];
  readonly signal: AbortSignal | undefined;
}

/** Sends the packet that is explained, and looks which counters on its way have moved. */
export async function probeAndTrace(explanation: Explanation, means: ProbeMeans): Promise<ProbeTrace> {
  const { views, sessions, signal, vifsOf } = means;
  const known = sessions.filter(({ agent }) => views.has(agent.host));
  const prober = new SnmpProber(new Map(known.map((session) => [session.agent.host, session])), signal);
  let result: ProbeOutcome;
  try {
    result = refusal(explanation.from, views) ?? (await send(explanation, prober));
  } finally {
    await prober.end();
  }
  if (result.outcome === 'silent') await sleep(SETTLE);
  const after = new Map(
    await Promise.all(
      known.map(async (session) => [session.agent.host, await readAfter(session, vifsOf, signal)] as const),
    ),
  );
  return traceOf(
    result,
    [explanation.source, explanation.target],
    explanation.hosts.map(({ inspection: { host }, there, back, mayMatch }) => ({
      ...{ host, there, back, mayMatch, before: views.get(host), after: after.get(host)?.view },
      unread: after.get(host)?.unread,
    })),
  );
}

/** Why an agent would not send it. */
function refusal({ host, vif, node }: PlacedNode, views: ProbeMeans['views']): ProbeOutcome | undefined {
  const view = views.get(host.name);
  // Whatever the reason, the host's agent is named elsewhere.
  if (view === undefined) return { outcome: 'failed', message: `nothing is known of ${host.name}` };
  if (view.vifs.some(({ name }) => name === vif.name)) return undefined;
  return { outcome: 'failed', message: `${host.name} runs nothing for ${node.vm} yet` };
}

async function send(
  { from, to, target, packet: { protocol, port = 0 }, decision, there, back }: Explanation,
  prober: SnmpProber,
): Promise<ProbeOutcome> {
  const delay = delayOf([...there, ...back].map(({ leg }) => leg));
  // Who does not know its neighbour asks before, on the same links.
  const timeout = timeoutOf(2 * delay, PATIENCE);
  if (protocol !== 'icmp') {
    const result = await prober.tryPort({ from, target, protocol, port, timeout });
    if ('failure' in result) return unsent(result.failure);
    return result.isAnswered ? { outcome: 'answered', refused: result.isRefused } : { outcome: 'silent' };
  }
  // The routes of a machine lead to nobody whom it may not reach: past them it is the rules that stop it, both ways.
  const onLink = !decision.passes && target.version === 4;
  const one = { from, target, onLink, count: 1, interval: INTERVAL, timeout, size: SMALL };
  const [result = NO_RESULT] = await prober.echo([one], onLink ? [to] : []);
  if ('failure' in result) return unsent(result.failure);
  return result.received > 0 ? { outcome: 'answered', rtt: result.rttAvg } : { outcome: 'silent' };
}

const unsent = (message: string): ProbeOutcome => ({
  ...{ outcome: NO_WAY.test(message) ? 'unsendable' : 'failed', message },
});

/** What an agent says once it has read its kernel after now, or why it does not. */
async function readAfter(
  session: SnmpSession,
  vifsOf: ProbeMeans['vifsOf'],
  signal: AbortSignal | undefined,
): Promise<{ readonly view: HostView | undefined; readonly unread?: string }> {
  const { host } = session.agent;
  try {
    return { view: await readFreshView(session, vifsOf(host), signal) };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return { view: undefined, unread: `${host}: ${messageOf(error)}` };
  }
}
