import { parameterWords } from '../model/parameters.js';
import { reasonOf } from '../merge/reason-of.js';
import type { Decided } from './deciding-rule.js';
import { contradictions, expectedOf, type Explanation, type LegExplanation } from './explanation.js';
import type { KernelRule } from './kernel-rule.js';

/** The explanation as plain data. Round trips are in microseconds, expected rates in bits and measured ones in kilobits per second. */
export function plainExplanation(explanation: Explanation): object {
  const { from, to, source, target, packet, decision, decidedBy, hosts, there, back, measured, probe } =
    explanation;
  return {
    ...{ from: from.path, to: to.path, source, target, ...packet },
    file: { passes: decision.passes, because: reasonOf(decision), ...(decidedBy && { decidedBy }) },
    hosts: hosts.map(({ inspection, ...decided }) => ({
      ...inspection,
      there: plainDecided(decided.there),
      back: plainDecided(decided.back),
    })),
    ...{ there: there.map(plainLeg), back: back.map(plainLeg) },
    ...{ expected: expectedOf(explanation), measured },
    ...(probe && {
      probe: {
        ...probe,
        rules: probe.rules.map(({ host, rule, packets }) => ({
          host,
          ...plainRule(rule),
          packets: String(packets),
        })),
        links: probe.links.map((link) => ({
          ...link,
          packets: String(link.packets),
          drops: String(link.drops),
        })),
      },
    }),
    contradictions: contradictions(explanation),
  };
}

const plainDecided = (decided: Decided | undefined): object | undefined =>
  decided && { verdict: decided.verdict, rule: plainRule(decided.rule) };

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
        ...{ bandwidth: link.bandwidth, latency: link.latency, jitter: link.jitter, loss: link.loss },
        ...{ packets: String(link.packets), octets: String(link.octets), drops: String(link.drops) },
        ...{ measuredBandwidth: link.measuredBandwidth },
      },
    }),
    ...(vif && {
      vif: { name: vif.name, oper: vif.oper, sends: vif.txBandwidth, receives: vif.rxBandwidth },
    }),
  };
}
