import { setTimeout as sleep } from 'node:timers/promises';
import { ruleStateScalars } from '../../mib/rule-state-scalars.js';
import { instanceOf } from '../../mib/scalar.js';
import { summaryScalars } from '../../mib/summary-scalars.js';
import type { Duration } from '../../units/duration.js';
import { untilRead } from '../snmp/read-patiently.js';
import { SnmpProber } from '../snmp/snmp-prober.js';
import type { SnmpSession } from '../snmp/snmp-session.js';
import { SMALL, timeoutOf } from '../verify/reach.js';
import type { Explanation } from './explanation.js';
import { readHostView, readUpTime, type HostView } from './host-view.js';
import { traceOf, type ProbeOutcome, type ProbeTrace } from './trace.js';

/** Milliseconds beside what is asked that an answer may take. */
const PATIENCE = 1000;
/** Milliseconds between two looks for what was read after the probe, and how many of them. */
const LOOK = 500;
const LOOKS = 60;
/** Milliseconds for what is still under way when nobody waits for an answer any more. */
const SETTLE = 200;

const READ_AT = [ruleStateScalars.scalars.time, summaryScalars.scalars.statsTime] as const;

/** What the probe is made with. */
export interface ProbeMeans {
  /** With the agents that answer. */
  readonly sessions: readonly SnmpSession[];
  /** What they said before, by the names of hosts. */
  readonly views: ReadonlyMap<string, HostView>;
  readonly vifsOf: (host: string) => readonly string[];
  /** What is asked there and back. */
  readonly latency: Duration;
  readonly signal: AbortSignal | undefined;
}

/** Sends the packet that is explained, and looks which counters on its way have moved. */
export async function probeAndTrace(explanation: Explanation, means: ProbeMeans): Promise<ProbeTrace> {
  const { views, sessions, signal, vifsOf } = means;
  const known = sessions.filter(({ agent }) => views.has(agent.host));
  const prober = new SnmpProber(new Map(known.map((session) => [session.agent.host, session])), signal);
  let result: ProbeOutcome;
  try {
    result = await send(explanation, means, prober);
  } finally {
    await prober.end();
  }
  if (result.outcome === 'silent') await sleep(SETTLE);
  const after = new Map(
    await Promise.all(
      known.map(async (session) => [session.agent.host, await readFresh(session, vifsOf)] as const),
    ),
  );
  return traceOf(
    result,
    [explanation.source, explanation.target],
    explanation.hosts.map(({ inspection: { host }, there, back }) => ({
      ...{ host, there, back, before: views.get(host), after: after.get(host) },
    })),
  );
}

async function send(
  { from, target, packet: { protocol, port = 0 }, decision }: Explanation,
  { latency }: ProbeMeans,
  prober: SnmpProber,
): Promise<ProbeOutcome> {
  const timeout = timeoutOf(PATIENCE + latency.microseconds / 1000);
  if (protocol !== 'icmp') {
    const result = await prober.tryPort({ from, target, protocol, port, timeout });
    if ('failure' in result) return { outcome: 'failed', message: result.failure };
    return result.isAnswered ? { outcome: 'answered', refused: result.isRefused } : { outcome: 'silent' };
  }
  // The routes of a machine lead to nobody whom it may not reach: past them it is the rules that stop it.
  const onLink = !decision.passes && target.version === 4;
  const one = { from, target, onLink, count: 1, interval: PATIENCE, timeout, size: SMALL };
  const [result = { failure: 'no result' }] = await prober.echo([one]);
  if ('failure' in result) return { outcome: 'failed', message: result.failure };
  return result.received > 0 ? { outcome: 'answered', rtt: result.rttAvg } : { outcome: 'silent' };
}

/** What an agent says once it has read its kernel after now; undefined if it does not come to it. */
async function readFresh(session: SnmpSession, vifsOf: ProbeMeans['vifsOf']): Promise<HostView | undefined> {
  try {
    const now = await readUpTime(session);
    for (let look = 0; look < LOOKS; look++) {
      const times = await untilRead(session, () => session.get(READ_AT.map(instanceOf)));
      const isFresh = times.every(({ value }) => value.type === 'TimeTicks' && value.value > now);
      if (isFresh) return await readHostView(session, vifsOf(session.agent.host));
      await sleep(LOOK);
    }
  } catch {
    // Without its answer the place is not known, which is said.
  }
  return undefined;
}
