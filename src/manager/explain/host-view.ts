import { NetmgrError } from '../../errors.js';
import { linkStateTable, type LinkStateRow } from '../../mib/link-state-table.js';
import { ruleStateScalars } from '../../mib/rule-state-scalars.js';
import { ruleStateTable } from '../../mib/rule-state-table.js';
import { instanceOf } from '../../mib/scalar.js';
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

/** Reads them. @throws NetmgrError as the session does */
export async function readHostView(session: SnmpSession, vifs: readonly string[]): Promise<HostView> {
  // An agent without the table, or that cannot read it, would seem to have no rules.
  const [time] = await untilRead(session, () => session.get([instanceOf(ruleStateScalars.scalars.time)]));
  if (time?.value.type !== 'TimeTicks' || time.value.value === 0) {
    throw new NetmgrError({
      kind: 'Unreachable',
      message: 'the agent cannot read the rules of its kernel',
      subject: session.agent.host,
      hint: "Look at the agent's log on that host.",
    });
  }
  const rules = await readTablePatiently(session, ruleStateTable);
  const vifRows: VifStateRow[] = [];
  const links: LinkStateRow[] = [];
  for (const vif of vifs) {
    const below = interfaceNameIndex.encode(vif);
    vifRows.push(...(await readTablePatiently(session, vifStateTable, below)));
    links.push(...(await readTablePatiently(session, linkStateTable, below)));
  }
  return { rules: rules.map(kernelRuleOf), vifs: vifRows, links, time: await readUpTime(session) };
}

/** sysUpTime in hundredths of a second. */
export async function readUpTime(session: SnmpSession): Promise<number> {
  const [answer] = await session.get([SYS_UP_TIME]);
  return answer?.value.type === 'TimeTicks' ? answer.value.value : 0;
}

/** Whether a row is about what comes from an address. */
export function isFrom({ peer, peerPrefixLength }: LinkStateRow, sender: IpAddress): boolean {
  return IpNetwork.containing(IpAddress.parse(peer), peerPrefixLength).contains(sender);
}
