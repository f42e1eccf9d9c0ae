import { cfgScalars, type CfgScalars } from '../../mib/cfg-scalars.js';
import { hostScalars, type HostScalars } from '../../mib/host-scalars.js';
import { instanceOf, type ScalarDefinitions, type ScalarsOf } from '../../mib/scalar.js';
import { summaryScalars, type SummaryScalars } from '../../mib/summary-scalars.js';
import type { SnmpSession } from './snmp-session.js';

/** What tells how far an action is. */
const COMMIT_STATUS = pick(cfgScalars.scalars, [
  'owner',
  'action',
  'expectedDigest',
  'state',
  'result',
  'resultText',
  'candidateDigest',
  'runningDigest',
  'previousDigest',
  'progress',
  'confirmRemaining',
  'generation',
  'confirmedGeneration',
]);

/** The same, and whether the kernel agrees. An agent examines it for that, so this is not for polling. */
const EXAMINED_STATUS = { ...COMMIT_STATUS, ...pick(cfgScalars.scalars, ['driftCount']) };

export type CommitStatus = ScalarsOf<typeof COMMIT_STATUS>;
export type ExaminedStatus = ScalarsOf<typeof EXAMINED_STATUS>;

export function readCommitStatus(session: SnmpSession): Promise<CommitStatus> {
  return readScalars(session, COMMIT_STATUS);
}

/** NetemuDigest of what the agent runs. */
export async function readRunningDigest(session: SnmpSession): Promise<Uint8Array> {
  return (await readScalars(session, pick(cfgScalars.scalars, ['runningDigest']))).runningDigest;
}

/** What the first GET of an apply reads: enough to know whether anything is to do. */
export function readExaminedStatus(session: SnmpSession): Promise<ExaminedStatus> {
  return readScalars(session, EXAMINED_STATUS);
}

/** Who the agent is, what it does and how its host is. */
export interface AgentStatus {
  readonly host: HostScalars;
  readonly cfg: CfgScalars;
  readonly summary: SummaryScalars;
}

export async function readAgentStatus(session: SnmpSession): Promise<AgentStatus> {
  const host = await readScalars(session, hostScalars.scalars);
  const cfg = await readScalars(session, cfgScalars.scalars);
  const summary = await readScalars(session, summaryScalars.scalars);
  return { host, cfg, summary };
}

/** Reads scalars in one GET. */
export async function readScalars<S extends ScalarDefinitions>(
  session: SnmpSession,
  scalars: S,
): Promise<ScalarsOf<S>> {
  const entries = Object.entries(scalars);
  const answer = await session.get(entries.map(([, scalar]) => instanceOf(scalar)));
  const values = entries.flatMap(([key, { syntax }], i) => {
    const value = answer[i]?.value;
    return value === undefined ? [] : [[key, syntax.decode(value) as unknown] as const];
  });
  return Object.fromEntries(values) as ScalarsOf<S>;
}

/** The named fields of an object, with their types. */
function pick<T extends object, const K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
}
