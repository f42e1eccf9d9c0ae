import { expect } from 'chai';
import type { Decided } from '../../../src/manager/explain/deciding-rule.js';
import type { HostView } from '../../../src/manager/explain/host-view.js';
import type { KernelRule } from '../../../src/manager/explain/kernel-rule.js';
import { traceOf, type ProbeOutcome, type Station } from '../../../src/manager/explain/trace.js';
import type { LinkStateRow } from '../../../src/mib/link-state-table.js';
import { IpAddress } from '../../../src/units/ip-network.js';

const ADDRESSES: readonly [IpAddress, IpAddress] = [IpAddress.parse('10.1.0.1'), IpAddress.parse('10.2.0.1')];
const SILENT: ProbeOutcome = { outcome: 'silent' };

const rule = (number: number, text: string, more: Partial<KernelRule> = {}): KernelRule => ({
  ...{
    family: 'ipv4',
    table: 'filter',
    chain: 'NETMGR-FORWARD',
    number,
    text,
    isCut: false,
    packets: 0n,
    octets: 0n,
  },
  ...more,
});
const THERE = rule(1, '-s 10.1.0.1/32 -j ACCEPT');
const BACK = rule(2, '-s 10.2.0.1/32 -j ACCEPT');
const CLOSED = rule(3, '-j DROP');
const INPUT = rule(1, '-m set --match-set netmgr-all-v4 src -j DROP', { chain: 'NETMGR-INPUT' });
const FLOOD = rule(5, 'meta pkttype { broadcast, multicast } counter drop', {
  ...{ family: 'bridge', chain: 'deliver' },
});
const SENDERS = rule(3, 'counter drop', { family: 'bridge', chain: 'from-nodes-1' });
const HOPS = rule(2, 'counter drop', { family: 'bridge', chain: 'to-gateways-2' });
/** The bridge floods what it knows no way to. */
const OTHERS = rule(10, 'counter drop', { family: 'bridge', chain: 'deliver' });
const RULES = [OTHERS, THERE, BACK, CLOSED, INPUT, FLOOD, SENDERS, HOPS];

const link = (peer: string, drops: bigint): LinkStateRow =>
  ({
    ...{ vif: 'vif1.0', vifName: 'vif1.0', peer, peerPrefixLength: 32, peerName: `${peer}/32` },
    ...{ packets: 0n, drops },
  }) as LinkStateRow;

const view = (moved: ReadonlyMap<KernelRule, number> = new Map(), drops = 0n): HostView => ({
  rules: RULES.map((one) => ({ ...one, packets: 7n + BigInt(moved.get(one) ?? 0) })),
  links: [link('10.1.0.1', drops), link('10.9.0.1', drops)],
  ...{ vifs: [], time: 0 },
});

/** A host on which some rules have matched so often, and that many packets were dropped of what comes from the sender. */
function station(
  host: string,
  moved: readonly (readonly [KernelRule, number])[],
  more: Partial<Station> & { readonly drops?: bigint } = {},
): Station {
  const { drops = 0n, ...rest } = more;
  const accepts = (one: KernelRule): Decided => ({ verdict: 'accept', rule: one });
  return {
    ...{ host, before: view(), after: view(new Map(moved), drops), unread: undefined },
    ...{ there: accepts(THERE), back: accepts(BACK), mayMatch: () => true },
    ...rest,
  };
}

describe('where a packet got lost', () => {
  const cases: readonly (readonly [string, ProbeOutcome, readonly Station[], string, RegExp])[] = [
    [
      'at the rule that drops it',
      ...([SILENT, [station('host1', [[CLOSED, 1]], { there: { verdict: 'drop', rule: CLOSED } })]] as const),
      ...(['rule', /^it was dropped by rule 3 of NETMGR-FORWARD on host1$/] as const),
    ],
    [
      'on a link',
      ...([SILENT, [station('host1', [[THERE, 1]]), station('host2', [[THERE, 1]], { drops: 1n })]] as const),
      ...(['link', /dropped at vif1\.0 of host2, of what comes from 10\.1\.0\.1\/32$/] as const),
    ],
    [
      'at a rule that it should not have come to',
      ...([
        SILENT,
        [
          station('host1', [
            [THERE, 1],
            [HOPS, 1],
          ]),
        ],
      ] as const),
      ...(['rule', /rule 2 of to-gateways-2 on host1$/] as const),
    ],
    [
      'before the first host, whatever others are told who they are',
      ...([
        SILENT,
        [
          station('host1', [
            [INPUT, 2],
            [FLOOD, 3],
            [SENDERS, 1],
            [OTHERS, 2],
          ]),
        ],
      ] as const),
      ...(['sender', /^no rule on host1 saw it/] as const),
    ],
    [
      'between two hosts',
      ...([SILENT, [station('host1', [[THERE, 1]]), station('host2', [])]] as const),
      ...(['between', /^between host1, which let it pass, and host2, where no rule saw it/] as const),
    ],
    [
      'at the machine',
      ...([SILENT, [station('host1', [[THERE, 1]])]] as const),
      ...(['receiver', /nothing came back/] as const),
    ],
    [
      'on the way back',
      ...([
        SILENT,
        [
          station('host1', [
            [THERE, 1],
            [BACK, 1],
          ]),
        ],
      ] as const),
      ...(['back', /what answered it got lost/] as const),
    ],
    [
      'not known, if one rule is for both ways and has matched twice',
      ...([SILENT, [station('host1', [[THERE, 2]], { back: { verdict: 'accept', rule: THERE } })]] as const),
      ...(['unknown', /^all hosts let it through/] as const),
    ],
    [
      'not known, if a rule of somebody may decide',
      ...([SILENT, [station('host1', [], { there: { verdict: 'unknown', rule: CLOSED } })]] as const),
      ...(['unknown', /nothing counts what passes on host1/] as const),
    ],
    [
      'not known, if an agent says nothing',
      ...([SILENT, [station('host1', [], { after: undefined, unread: 'host1: it sleeps' })]] as const),
      ...(['unknown', /host1: it sleeps$/] as const),
    ],
    [
      'in the machine, which has no way',
      ...([
        { outcome: 'unsendable', message: 'socat: Network is unreachable' },
        [station('host1', [])],
      ] as const),
      ...(['sender', /Network is unreachable/] as const),
    ],
    [
      'not known, if it could not be probed',
      ...([{ outcome: 'failed', message: 'no such program' }, [station('host1', [])]] as const),
      ...(['unknown', /no such program/] as const),
    ],
  ];
  for (const [what, outcome, stations, place, words] of cases) {
    it(`is ${what}`, () => {
      const { lost } = traceOf(outcome, ADDRESSES, stations);
      expect(lost?.words).to.match(words);
      expect(lost?.place).to.equal(place);
    });
  }

  it('is at a rule that refused it in the name of the machine', () => {
    const refused: ProbeOutcome = { outcome: 'answered', refused: true };
    const REJECTS = rule(4, '-p tcp -j REJECT --reject-with tcp-reset');
    const decided: Decided = { verdict: 'drop', rule: REJECTS };
    const rejecting = {
      before: { ...view(), rules: [REJECTS] },
      after: { ...view(), rules: [{ ...REJECTS, packets: 1n }] },
    };
    const at = traceOf(refused, ADDRESSES, [station('host1', [], { ...rejecting, there: decided })]);
    expect(at.outcome).to.equal('silent');
    expect(at.lost?.words).to.match(/^it was refused, and not by the machine: it was dropped by rule 4/);
    const before = traceOf(refused, ADDRESSES, [station('host1', [[THERE, 1]]), station('host2', [])]);
    expect(before.outcome).to.equal('silent');
    expect(before.lost?.place).to.equal('between');
    const byMachine = traceOf(refused, ADDRESSES, [
      station('host1', [
        [THERE, 1],
        [BACK, 1],
      ]),
    ]);
    expect([byMachine.outcome, byMachine.lost]).to.deep.equal(['answered', undefined]);
  });

  it('is not at a rule of somebody that stands elsewhere by now, or is about others', () => {
    const old = rule(4, '-d 10.3.0.1/32 -j DROP', { packets: 3n });
    const moved = { before: { ...view(), rules: [old, THERE, BACK] } };
    const after = { ...view(), rules: [{ ...old, number: 5 }, { ...THERE, packets: 1n }, BACK] };
    expect(traceOf(SILENT, ADDRESSES, [station('host1', [], { ...moved, after })]).lost?.place).to.equal(
      'receiver',
    );
    const others = station('host1', [
      [THERE, 1],
      [HOPS, 1],
    ]);
    const unmatched = { ...others, mayMatch: () => false };
    expect(traceOf(SILENT, ADDRESSES, [unmatched]).lost?.place).to.equal('receiver');
  });

  it('is not known where counters began anew', () => {
    const reset = station('host1', [[THERE, -3]]);
    expect(traceOf(SILENT, ADDRESSES, [reset]).lost).to.deep.equal({
      ...{ place: 'unknown', words: 'it cannot be told where: counters of host1 began anew' },
    });
  });

  it('is nowhere if it was answered; what moved is told of the packet’s addresses and version alone', () => {
    const { lost, rules, links } = traceOf({ outcome: 'answered', rtt: 100 }, ADDRESSES, [
      station(
        'host1',
        [
          [THERE, 2],
          [INPUT, 1],
          [FLOOD, 1],
        ],
        { drops: 2n },
      ),
    ]);
    expect(lost).to.equal(undefined);
    expect(rules.map(({ host, rule: { text }, packets }) => [host, text, packets])).to.deep.equal([
      ['host1', THERE.text, 2n],
    ]);
    expect(links.map(({ peer, drops }) => [peer, drops])).to.deep.equal([['10.1.0.1/32', 2n]]);
  });
});
