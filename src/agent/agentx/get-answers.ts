import { NetmgrError } from '../../errors.js';
import { compareOids, oidText } from '../../mib/oid.js';
import type { Oid, VarBind } from '../../mib/value.js';
import type { AgentxVarBind, GetBulkPdu, GetPdu, SearchRange } from './pdu.js';
import type { SubagentHandler } from './subagent-handler.js';

/** Most varbinds of one answer to a GetBulk, unless one repetition alone has more. */
const MAX_BULK_VARBINDS = 4096;
/** Most octets of values in it; an SNMP message over UDP cannot carry more than 65,507 (RFC 3430). */
const MAX_BULK_OCTETS = 65_536;

/** What a handler threw, with the place (from 1) of the varbind it threw for. */
export class VarBindFailure extends Error {
  constructor(
    readonly index: number,
    cause: unknown,
  ) {
    super('a varbind could not be answered', { cause });
  }
}

/**
 * The varbinds that answer a Get, GetNext or GetBulk (RFC 2741 section 7.2.3).
 *
 * @throws VarBindFailure if the handler throws or answers with an instance outside the range.
 */
export async function answerGet(
  handler: SubagentHandler,
  pdu: GetPdu | GetBulkPdu,
): Promise<AgentxVarBind[]> {
  await at(1, () => handler.begin?.());
  const answers: AgentxVarBind[] = [];
  const single = pdu.type === 'GetBulk' ? pdu.ranges.slice(0, pdu.nonRepeaters) : pdu.ranges;
  for (const [i, range] of single.entries()) {
    answers.push(
      await at(i + 1, () => (pdu.type === 'Get' ? getOne(handler, range.start) : nextOne(handler, range))),
    );
  }
  if (pdu.type === 'GetBulk') await repeat(handler, pdu, answers);
  return answers;
}

/** The repeating part of a GetBulk (section 7.2.3.3); it may end early, and the asker goes on from there. */
async function repeat(handler: SubagentHandler, pdu: GetBulkPdu, answers: AgentxVarBind[]): Promise<void> {
  const ranges = pdu.ranges.slice(pdu.nonRepeaters);
  let octets = 0;
  for (let n = 0; n < pdu.maxRepetitions && ranges.length > 0; n++) {
    let found = false;
    for (const [i, range] of ranges.entries()) {
      const answer = await at(pdu.nonRepeaters + i + 1, () => nextOne(handler, range));
      answers.push(answer);
      octets += sizeOf(answer);
      found ||= answer.value.type !== 'endOfMibView';
      ranges[i] = { start: answer.oid, include: false, end: range.end };
    }
    if (!found || octets > MAX_BULK_OCTETS || answers.length + ranges.length > MAX_BULK_VARBINDS) return;
  }
}

function sizeOf({ oid, value }: AgentxVarBind): number {
  const content = 'value' in value && typeof value.value === 'object' ? value.value.length : 8;
  return 4 * oid.length + content;
}

async function getOne(handler: SubagentHandler, oid: Oid): Promise<AgentxVarBind> {
  const value = await handler.get(oid);
  return { oid, value: typeof value === 'string' ? { type: value } : value };
}

async function nextOne(handler: SubagentHandler, range: SearchRange): Promise<AgentxVarBind> {
  const found = await handler.next(range.start, range.include, range.end);
  if (found === undefined) return { oid: range.start, value: { type: 'endOfMibView' } };
  // An answer that does not move on would let a walk run forever.
  if (!isWithin(found, range)) {
    throw new NetmgrError({
      kind: 'Bug',
      message: `${oidText(found.oid)} does not follow ${oidText(range.start)}`,
    });
  }
  return found;
}

function isWithin({ oid }: VarBind, { start, include, end }: SearchRange): boolean {
  const order = compareOids(oid, start);
  return (order > 0 || (include && order === 0)) && (end.length === 0 || compareOids(oid, end) < 0);
}

async function at<T>(index: number, answer: () => T | Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    throw new VarBindFailure(index, error);
  }
}
