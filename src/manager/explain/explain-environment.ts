import { failuresOf } from '../../errors.js';
import type { LinkStateRow } from '../../mib/link-state-table.js';
import type { IpAddress, IpVersion } from '../../units/ip-network.js';
import type { EnvironmentComponent } from '../components/environment-component.js';
import type { PositionOf } from '../merge/place-nodes.js';
import type { PlacedNode } from '../merge/placed-node.js';
import { WantedNetwork, type Leg, type Packet } from '../merge/wanted-network.js';
import type { RealEnvironment } from '../model/real-environment.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import type { AgentSession } from '../snmp/agent-session.js';
import { inspectHost } from '../verify/inspect-host.js';
import { decidingRule } from './deciding-rule.js';
import type { Explanation, HostExplanation, LegExplanation, Measured } from './explanation.js';
import { findNode } from './find-node.js';
import { isFrom, readFreshView, type HostView } from './host-view.js';
import { isOtherHook } from './kernel-rule.js';
import { membersOf, siteSetsOf } from './members-of.js';
import { packetAddresses } from './packet-addresses.js';
import { probeAndTrace } from './probe-packet.js';
import { readRule, type RulePacket } from './read-rule.js';
import { sourceOfDecision, sourceOfLink } from './sources.js';

/** What is to be explained. */
export interface ExplainQuestion {
  /** `site1/vm1`, `vm1`, or an address. */
  readonly from: string;
  readonly to: string;
  readonly packet: Packet;
  /** Default: that of an address that is given, or else IPv4 where both nodes have it. */
  readonly version?: IpVersion;
  /** Whether a packet is sent. */
  readonly probe: boolean;
  readonly signal?: AbortSignal;
}

/** Hundredths of a second. */
const TICKS = 100;

/**
 * Explains what happens to a packet, from the files and from what the agents on its way say of their kernels.
 *
 * @param sessions one for each host of the environment, in their order
 * @throws NetmgrError `InvalidInput` for nodes that are none, or that have no address of the same IP version
 */
export async function explainEnvironment(
  real: RealEnvironment,
  virtual: VirtualEnvironment,
  environment: EnvironmentComponent,
  sessions: readonly AgentSession[],
  positionOf: PositionOf,
  question: ExplainQuestion,
): Promise<Explanation> {
  const network = new WantedNetwork(real, virtual);
  const find = (text: string): PlacedNode => findNode(text, network.nodes, real, virtual);
  const [from, to] = [find(question.from), find(question.to)];
  const [source, target] = packetAddresses(from, to, question);
  const { protocol, port } = question.packet;
  const sent: RulePacket = {
    ...{ source, destination: target, protocol, isReply: false },
    ...(port !== undefined && { destinationPort: port }),
  };
  const answer: RulePacket = {
    ...{ source: target, destination: source, protocol, isReply: true },
    ...(port !== undefined && { sourcePort: port }),
  };
  const decision = network.decide(from, to, question.packet);
  const legs = { there: network.legs(from, to), back: network.legs(to, from) };
  const names = [
    ...new Set([...legs.there, ...legs.back].flatMap((leg) => [leg.from.host.name, leg.to.host.name])),
  ];

  const asked = names.flatMap((name) => {
    const at = environment.hosts.findIndex(({ path }) => path === name);
    const [component, session] = [environment.hosts[at], sessions[at]];
    return component === undefined || session === undefined ? [] : [{ component, session }];
  });
  const views = new Map<string, HostView>();
  const hosts = await Promise.all(
    asked.map(async ({ component, session }): Promise<HostExplanation> => {
      const inspection = await inspectHost(component, session);
      const sets = siteSetsOf(component.configuration);
      const unknown = {
        ...{ there: undefined, back: undefined, otherHooks: [], sets },
        mayMatch: (): boolean => true,
      };
      if (inspection.errors.length > 0) return { inspection, ...unknown };
      let view: HostView;
      try {
        view = await readFreshView(session.snmp, vifsOn(component.path, legs), question.signal);
      } catch (error) {
        if (question.signal?.aborted === true) throw error;
        return { inspection: { ...inspection, errors: failuresOf(error) }, ...unknown };
      }
      views.set(component.path, view);
      const isMember = membersOf(component.configuration);
      const bridge = nodesOf(legs).find(({ host }) => host.name === component.path)?.vif.bridge;
      const on = bridge === undefined ? {} : { bridge };
      const [there, back] = [
        { ...sent, ...on },
        { ...answer, ...on },
      ];
      return {
        ...{ inspection, sets },
        there: decidingRule(view.rules, there, isMember),
        back: decidingRule(view.rules, back, isMember),
        mayMatch: ({ text }) =>
          [there, back].some((packet) => readRule(text, packet, isMember).matches !== false),
        otherHooks: view.rules.filter(isOtherHook),
      };
    }),
  );
  const explained = (leg: Leg, sender: IpAddress): LegExplanation => {
    const view = views.get(leg.to.host.name);
    return {
      leg,
      sources: leg.links.map((link) => sourceOfLink(link, positionOf)),
      link: linkFor(view?.links ?? [], leg.to.vif.name, sender),
      vif: view?.vifs.find(({ vif }) => vif === leg.to.vif.name),
    };
  };
  const explanation: Explanation = {
    ...{ from, to, source, target, packet: question.packet, decision },
    decidedBy: sourceOfDecision(decision, from, positionOf),
    hosts,
    // What a proxy forwards arrives with the address of who sent it first.
    there: legs.there.map((leg) => explained(leg, source)),
    back: legs.back.map((leg) => explained(leg, target)),
    measured: {
      rtt: measuredBy(views.get(from.host.name), from, target, 'rtt'),
      there: measuredBy(views.get(to.host.name), to, source, 'bandwidth'),
      back: measuredBy(views.get(from.host.name), from, target, 'bandwidth'),
    },
    probe: undefined,
  };
  if (!question.probe) return explanation;
  const probe = await probeAndTrace(explanation, {
    ...{ sessions: asked.map(({ session }) => session.snmp), views, signal: question.signal },
    vifsOf: (host) => vifsOn(host, legs),
  });
  return { ...explanation, probe };
}

/** There and back. */
type Legs = Readonly<Record<'there' | 'back', readonly Leg[]>>;

const nodesOf = ({ there, back }: Legs): PlacedNode[] =>
  [...there, ...back].flatMap(({ from, to }) => [from, to]);

function vifsOn(host: string, legs: Legs): string[] {
  const own = nodesOf(legs).filter((node) => node.host.name === host);
  return [...new Set(own.map(({ vif }) => vif.name))];
}

/** The row of the narrowest network that holds the sender's address, as the filters choose it. */
function linkFor(links: readonly LinkStateRow[], vif: string, sender: IpAddress): LinkStateRow | undefined {
  return links
    .filter((row) => row.vif === vif && isFrom(row, sender))
    .sort((a, b) => b.peerPrefixLength - a.peerPrefixLength)[0];
}

/** What probes from a machine to an address, or from the address to the machine, have found last. */
function measuredBy(
  view: HostView | undefined,
  at: PlacedNode,
  peer: IpAddress,
  what: 'rtt' | 'bandwidth',
): Measured | undefined {
  const row = view?.links.find(({ vif, peer: of }) => vif === at.vif.name && of === peer.toString());
  if (view === undefined || row === undefined || row.probeTime === 0) return undefined;
  const value = what === 'rtt' ? row.probeRttAvg : row.probeBandwidth;
  return value === 0 ? undefined : { value, age: Math.max(0, view.time - row.probeTime) / TICKS };
}
