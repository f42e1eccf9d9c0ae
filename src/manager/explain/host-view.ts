import { setTimeout as sleep } from 'node:timers/promises';
import { NetmgrError } from '../../errors.js';
import { linkStateTable, type LinkStateRow } from '../../mib/link-state-table.js';
import { ruleStateScalars } from '../../mib/rule-state-scalars.js';
import { ruleStateTable } from '../../mib/rule-state-table.js';
import { instanceOf } from '../../mib/scalar.js';
import { summaryScalars } from '../../mib/summary-scalars.js';
import { interfaceNameIndex } from '../../mib/syntax.js';
import type { Oid } from '../../mib/value.js';
import { vifStateTable, type VifStateRow } from '../../mib/vif-state-table.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';
import { readTablePatiently, untilRead } from '../snmp/read-patiently.js';
import type { SnmpSession } from '../snmp/snmp-session.js';
import { kernelRuleOf, type KernelRule } from './kernel-rule.js';

/** sysUpTime.0 (RFC 3418). */
const SYS_UP_TIME: Oid = [1, 3, 6, 1, 2, 1, 1, 3, 0];

/** What the agent of a host says of its kernel, as far as some vifs are concerned. */
export interface HostView {
  readonly rules: readonly KernelRule[];
  readonly vifs: readonly VifStateRow[];
  /** Of what these vifs receive. */
  readonly links: readonly LinkStateRow[];
  /** sysUpTime in hundredths of a second. */
  readonly time: number;
}

/** Milliseconds between two looks for what the agent has read since, and after which it is given up. */
const LOOK = 200;
const LONGEST = 120_000;
const READ_AT = [ruleStateScalars.scalars.time, summaryScalars.scalars.statsTime] as const;

/**
 * Reads them once the agent has read its kernel after now: what it said a moment ago may be over.
 *
 * @throws NetmgrError as the session does, and `Unreachable` if the agent cannot read its kernel
 */
export async function readFreshView(
  session: SnmpSession,
  vifs: readonly string[],
  signal: AbortSignal | undefined,
): Promise<HostView> {
  const deadline = performance.now() + LONGEST;
  const now = await readUpTime(session);
  for (;;) {
    const times = await untilRead(session, () => session.get(READ_AT.map(instanceOf)));
    const [ofRules, ofState] = times.map(({ value }) => (value.type === 'TimeTicks' ? value.value : 0));
    // An agent without the table, or that cannot read it, would seem to have no rules.
    if (ofRules === undefined || ofState === undefined || ofRules === 0) throw unreadable(session);
    if (ofRules > now && ofState > now) break;
    if (performance.now() > deadline) throw unreadable(session);
    await sleep(LOOK, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted === true) {
      throw new NetmgrError({ kind: 'NotApplied', message: 'interrupted: nothing is explained' });
    }
  }
  const rules = await readTablePatiently(session, ruleStateTable);
  const vifRows: VifStateRow[] = [];
  const links: LinkStateRow[] = [];
  for (const vif of vifs) {
    const index = interfaceNameIndex.encode(vif);
    // What is read below an index does not hold the row of just this index.
    const alike = await readTablePatiently(session, vifStateTable, index.slice(0, -1));
    vifRows.push(...alike.filter((row) => row.vif === vif));
    links.push(...(await readTablePatiently(session, linkStateTable, index)));
  }
  return { rules: rules.map(kernelRuleOf), vifs: vifRows, links, time: await readUpTime(session) };
}

function unreadable({ agent }: SnmpSession): NetmgrError {
  return new NetmgrError({
    kind: 'Unreachable',
    message: 'the agent cannot read the rules of its kernel',
    subject: agent.host,
    hint: "Look at the agent's log on that host.",
  });
}

/** sysUpTime in hundredths of a second. */
async function readUpTime(session: SnmpSession): Promise<number> {
  const [answer] = await session.get([SYS_UP_TIME]);
  return answer?.value.type === 'TimeTicks' ? answer.value.value : 0;
}

/** Whether a row is about what comes from an address. */
export function isFrom({ peer, peerPrefixLength }: LinkStateRow, sender: IpAddress): boolean {
  return IpNetwork.containing(IpAddress.parse(peer), peerPrefixLength).contains(sender);
}
