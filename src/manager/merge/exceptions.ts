import { groupBy } from '../../group-by.js';
import { IpNetwork } from '../../units/ip-network.js';
import type { Link } from '../model/link.js';
import { portRange, type Rule } from '../model/rule.js';
import type { Site } from '../model/site.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { connectionOf, isJoined, type SiteConnection } from './connections.js';
import type { PlacedNode } from './placed-node.js';

/** What may pass, or may not, whatever the policies of the sites say; the first that matches decides. */
export interface Exception {
  readonly action: Rule['action'];
  readonly from: ExceptionEnd;
  readonly to: ExceptionEnd;
  readonly protocol?: Rule['protocol'];
  /** The lowest and the highest port of the destination. */
  readonly ports?: readonly [number, number];
  /** What of the file says so: a rule, or a link of nodes. */
  readonly source: Rule | Link;
}

export type ExceptionEnd = { readonly kind: 'outside' } | JoinedEnd;

/** An end that is a matter of sites. */
interface JoinedEnd {
  readonly kind: 'site' | 'node';
  readonly site: Site;
  readonly nodes: readonly PlacedNode[];
}

/**
 * The rules of the file, and behind them what links of nodes open: a link of two nodes that nothing else lets reach each
 * other lets them.
 *
 * @param refuse hears of links that cannot be
 */
export function exceptionsOf(
  virtual: VirtualEnvironment,
  nodes: readonly PlacedNode[],
  connections: readonly SiteConnection[],
  refuse: (link: Link, message: string, hint: string) => void,
): Exception[] {
  const ends = new Map<string, ExceptionEnd>([['any', { kind: 'outside' }]]);
  const ofLinks = new Map<string, JoinedEnd[]>();
  const bySite = groupBy(nodes, ({ site }) => site);
  const named = new Set([...virtual.rules, ...virtual.links].flatMap(({ from, to }) => [from, to]));
  for (const site of virtual.sites) {
    const members = bySite.get(site) ?? [];
    const whole: JoinedEnd = { kind: 'site', site, nodes: members };
    ends.set(site.name, whole);
    ofLinks.set(site.name, [whole]);
    for (const member of members) {
      if (!named.has(member.path) && !named.has(member.node.vm)) continue;
      const end: JoinedEnd = { kind: 'node', site, nodes: [member] };
      ends.set(`${site.name}/${member.node.vm}`, end);
      // A machine may be a node of several sites.
      ofLinks.set(member.node.vm, [...(ofLinks.get(member.node.vm) ?? []), end]);
    }
  }
  const rules = virtual.rules.flatMap((rule): Exception[] => {
    const [from, to] = [ends.get(rule.from), ends.get(rule.to)];
    if (from === undefined || to === undefined) return [];
    const { action, protocol } = rule;
    const ports = portRange(rule);
    return [
      {
        action,
        from,
        to,
        source: rule,
        ...(protocol === undefined ? {} : { protocol }),
        ...(ports === undefined ? {} : { ports }),
      },
    ];
  });
  const opened = virtual.links.flatMap((link): Exception[] =>
    (ofLinks.get(link.from) ?? []).flatMap((a) =>
      (ofLinks.get(link.to) ?? []).flatMap((b): Exception[] => {
        if (a.kind === 'site' && b.kind === 'site') return [];
        if (connectionOf(a.site, b.site, connections)?.policy === 'routed') {
          refuse(
            link,
            'what goes between routed sites has one rate and one fate at the proxy that receives it, so a link of single nodes cannot be',
            'Write it on the link between the sites, or give the sites the policy "open".',
          );
          return [];
        }
        if (isReached(a.nodes, b.nodes, connections)) return [];
        return [
          { action: 'allow', from: a, to: b, source: link },
          { action: 'allow', from: b, to: a, source: link },
        ];
      }),
    ),
  );
  return [...rules, ...opened];
}

/** Whether anything but exceptions lets some of the nodes reach each other. */
function isReached(
  a: readonly PlacedNode[],
  b: readonly PlacedNode[],
  connections: readonly SiteConnection[],
): boolean {
  return a.some((one) =>
    b.some((other) => one !== other && (one.site === other.site || isJoined(one, other, connections))),
  );
}

/** The nodes of other sites that exceptions let exchange packets with a node, and that nothing else does. */
export function partnersByExceptions(
  exceptions: readonly Exception[],
  connections: readonly SiteConnection[],
): (node: PlacedNode) => readonly PlacedNode[] {
  const partners = new Map<PlacedNode, Set<PlacedNode>>();
  const add = (one: PlacedNode, other: PlacedNode): void => {
    const known = partners.get(one) ?? new Set();
    partners.set(one, known.add(other));
  };
  for (const { from, to } of waysOf(exceptions)) {
    const connection = connectionOf(from.site, to.site, connections);
    if (connection?.policy === 'routed' || connection?.policy === 'open') continue;
    for (const a of from.nodes) {
      for (const b of to.nodes) {
        if (connection !== undefined && isJoined(a, b, [connection])) continue;
        add(a, b);
        add(b, a);
      }
    }
  }
  return (node) => [...(partners.get(node) ?? [])];
}

/** What exceptions join of different sites, as connections do. */
export function joinedByExceptions(exceptions: readonly Exception[]): SiteConnection[] {
  return waysOf(exceptions).map(({ from, to }) => ({
    sites: [from.site, to.site],
    policy: 'open',
    ends: [from.nodes, to.nodes],
  }));
}

/** The networks and addresses of other sites that exceptions let a node exchange packets with; there and back. */
export function reachedByExceptions(
  exceptions: readonly Exception[],
  connections: readonly SiteConnection[],
): (node: PlacedNode) => readonly IpNetwork[] {
  const ways = waysOf(exceptions).filter(
    ({ from, to }) => connectionOf(from.site, to.site, connections)?.policy !== 'routed',
  );
  const bySite = groupBy(
    ways.flatMap((way) => [way.from, way.to].map(({ site }) => ({ site, ...way }))),
    ({ site }) => site,
  );
  return (node) =>
    (bySite.get(node.site) ?? []).flatMap(({ from, to }) => {
      if (from.nodes.includes(node)) return networksOf(to);
      return to.nodes.includes(node) ? networksOf(from) : [];
    });
}

const networksOf = ({ kind, site, nodes }: JoinedEnd): readonly IpNetwork[] =>
  kind === 'site'
    ? site.networks
    : nodes.flatMap(({ node }) => node.addresses.map((address) => IpNetwork.ofHost(address)));

/** What exceptions let pass between two sites. */
function waysOf(exceptions: readonly Exception[]): { from: JoinedEnd; to: JoinedEnd }[] {
  return exceptions.flatMap(({ action, from, to }) =>
    action === 'deny' || from.kind === 'outside' || to.kind === 'outside' || from.site === to.site
      ? []
      : [{ from, to }],
  );
}
