import { failuresOf, NetmgrError } from '../../errors.js';
import type { LinkStateRow } from '../../mib/link-state-table.js';
import type { IpAddress, IpVersion } from '../../units/ip-network.js';
import type { EnvironmentComponent } from '../components/environment-component.js';
import type { PositionOf } from '../merge/place-nodes.js';
import type { PlacedNode } from '../merge/placed-node.js';
import { latencyOf, WantedNetwork, type Leg, type Packet } from '../merge/wanted-network.js';
import type { RealEnvironment } from '../model/real-environment.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import type { AgentSession } from '../snmp/agent-session.js';
import { inspectHost } from '../verify/inspect-host.js';
import { decidingRule } from './deciding-rule.js';
import type { Explanation, HostExplanation, LegExplanation, Measured } from './explanation.js';
import { addressOf, findNode } from './find-node.js';
import { isFrom, readHostView, type HostView } from './host-view.js';
import { membersOf } from './members-of.js';
import { probeAndTrace } from './probe-packet.js';
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
  const [from, to] = [findNode(question.from, network.nodes), findNode(question.to, network.nodes)];
  const [source, target] = addressesOf(from, to, question);
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
      if (inspection.errors.length > 0) return { inspection, there: undefined, back: undefined };
      let view: HostView;
      try {
        view = await readHostView(session.snmp, vifsOn(component.path, legs));
      } catch (error) {
        const errors = failuresOf(error);
        return { inspection: { ...inspection, errors }, there: undefined, back: undefined };
      }
      views.set(component.path, view);
      const isMember = membersOf(component.configuration);
      const { protocol, port } = question.packet;
      const ports = port === undefined ? [{}, {}] : [{ destinationPort: port }, { sourcePort: port }];
      return {
        inspection,
        there: decidingRule(
          view.rules,
          { source, destination: target, protocol, isReply: false, ...ports[0] },
          isMember,
        ),
        back: decidingRule(
          view.rules,
          { source: target, destination: source, protocol, isReply: true, ...ports[1] },
          isMember,
        ),
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
    delay: delayOf([...legs.there, ...legs.back]),
  });
  return { ...explanation, probe };
}

/** The addresses that the packet bears. */
function addressesOf(
  from: PlacedNode,
  to: PlacedNode,
  { from: fromText, to: toText, version, probe }: ExplainQuestion,
): [IpAddress, IpAddress] {
  if (from.node.vm === to.node.vm) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${from.path} and ${to.path} are one machine: nothing between them is emulated`,
    });
  }
  const candidates = (node: PlacedNode, text: string): readonly IpAddress[] => {
    const said = addressOf(text);
    return said === undefined ? node.node.addresses : [said];
  };
  const [sources, targets] = [candidates(from, fromText), candidates(to, toText)];
  for (const wanted of version === undefined ? ([4, 6] as const) : [version]) {
    const target = targets.find((address) => address.version === wanted);
    const source = target && sourceFor(from, sources, target);
    if (source !== undefined && target !== undefined) {
      if (probe && !source.equals(sourceFor(from, from.node.addresses, target) ?? source)) {
        throw new NetmgrError({
          kind: 'InvalidInput',
          message: `${from.node.vm} does not send to ${target.toString()} from ${source.toString()}`,
          hint: `Name the node ${from.path}, or leave --probe out.`,
        });
      }
      return [source, target];
    }
  }
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `${fromText} and ${toText} have no address of ${version === undefined ? 'the same IP version' : `IPv${String(version)} both`}`,
    hint: 'Name the nodes, to leave open which of their addresses is meant.',
  });
}

/** The address that a machine sends to another one from: one of the network that both are in, or else its first. */
function sourceFor(
  { site }: PlacedNode,
  addresses: readonly IpAddress[],
  target: IpAddress,
): IpAddress | undefined {
  const own = addresses.filter(({ version }) => version === target.version);
  const near = own.find((address) =>
    site.networks.some((network) => network.contains(address) && network.contains(target)),
  );
  return near ?? own[0];
}

/** Milliseconds that are asked of latency and jitter. */
function delayOf(legs: readonly Leg[]): number {
  const jitter = legs.reduce((sum, { parameters }) => sum + (parameters.jitter?.microseconds ?? 0), 0);
  return (latencyOf(legs).microseconds + jitter) / 1000;
}

function vifsOn(host: string, { there, back }: Readonly<Record<'there' | 'back', readonly Leg[]>>): string[] {
  const nodes = [...there, ...back].flatMap(({ from, to }) => [from, to]);
  return [...new Set(nodes.filter((node) => node.host.name === host).map(({ vif }) => vif.name))];
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
