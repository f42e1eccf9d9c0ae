import { BITS_PER_KILOBIT } from '../../units/bit-rate.js';
import { parameterWords } from '../model/parameters.js';
import { reasonOf } from '../merge/reason-of.js';
import type { Decided } from './deciding-rule.js';
import { expectedOf, type Explanation, type LegExplanation, type Measured } from './explanation.js';
import { judge } from './judgement.js';
import type { KernelRule } from './kernel-rule.js';

/** Of a million. */
const PARTS = 1e6;

/** The explanation as plain data. Round trips and latencies are in microseconds, rates in bits per second, losses shares. */
export function plainExplanation(explanation: Explanation): object {
  const { from, to, source, target, packet, decision, decidedBy, hosts, there, back, measured, probe } =
    explanation;
  const { passes, contradictions, aside } = judge(explanation);
  return {
    ...{ from: from.path, to: to.path, source, target, ...packet, passes },
    file: { passes: decision.passes, because: reasonOf(decision), ...(decidedBy && { decidedBy }) },
    hosts: hosts.map(({ inspection, there: forth, back: home, otherHooks }) => ({
      ...inspection,
      ...{ there: plainDecided(forth), back: plainDecided(home) },
      otherHooks: otherHooks.map(({ family, table, chain, text }) => ({ family, table, chain, text })),
    })),
    ...{ there: there.map(plainLeg), back: back.map(plainLeg) },
    expected: expectedOf(explanation),
    measured: { rtt: measured.rtt, there: inBits(measured.there), back: inBits(measured.back) },
    ...(probe && {
      probe: {
        ...probe,
        rules: probe.rules.map(({ host, rule, packets }) => ({
          ...{ host, family: rule.family, table: rule.table, chain: rule.chain, number: rule.number },
          ...{ text: rule.text, packets: String(packets) },
        })),
        links: probe.links.map((link) => ({
          ...link,
          packets: String(link.packets),
          drops: String(link.drops),
        })),
      },
    }),
    ...{ contradictions, aside },
  };
}

const plainDecided = (decided: Decided | undefined): object | undefined =>
  decided && { verdict: decided.verdict, rule: decided.rule && plainRule(decided.rule) };

const inBits = (measured: Measured | undefined): Measured | undefined =>
  measured && { ...measured, value: measured.value * BITS_PER_KILOBIT };

/** Counters of 64 bits are text: JSON's numbers do not hold them. */
const plainRule = ({ packets, octets, ...rule }: KernelRule): object => ({
  ...rule,
  packets: String(packets),
  octets: String(octets),
});

function plainLeg({ leg, sources, link, vif }: LegExplanation): object {
  return {
    ...{ from: leg.from.path, to: leg.to.path, parameters: parameterWords(leg.parameters), sources },
    ...(link && {
      inForce: {
        ...{ host: leg.to.host.name, vif: link.vifName, peer: link.peerName, oper: link.oper },
        ...{
          bandwidth: link.bandwidth * BITS_PER_KILOBIT,
          latency: link.latency,
          jitter: link.jitter,
          loss: link.loss / PARTS,
        },
        ...{ packets: String(link.packets), octets: String(link.octets), drops: String(link.drops) },
        ...{ measuredBandwidth: link.measuredBandwidth * BITS_PER_KILOBIT },
      },
    }),
    ...(vif && {
      vif: {
        ...{ name: vif.name, oper: vif.oper, lastError: vif.lastError },
        sends: vif.txBandwidth * BITS_PER_KILOBIT,
        receives: vif.rxBandwidth * BITS_PER_KILOBIT,
      },
    }),
  };
}
