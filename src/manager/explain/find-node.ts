import { NetmgrError } from '../../errors.js';
import { IpAddress } from '../../units/ip-network.js';
import type { PlacedNode } from '../merge/placed-node.js';
import type { RealEnvironment } from '../model/real-environment.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { didYouMean } from '../xml/did-you-mean.js';

/** Nodes that a hint names. */
const SOME = 3;

/**
 * The node that somebody means: by its path `site1/vm1`, by its machine where that is a node of one site only, or by one of its
 * addresses.
 *
 * @throws NetmgrError `InvalidInput` if it is none, or several
 */
export function findNode(
  text: string,
  nodes: readonly PlacedNode[],
  real: RealEnvironment,
  virtual: VirtualEnvironment,
): PlacedNode {
  const said = IpAddress.tryParse(text);
  const found = nodes.filter(
    ({ path, node }) =>
      path === text ||
      node.vm === text ||
      (said !== undefined && node.addresses.some((address) => address.equals(said))),
  );
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${text} is a node of several sites`,
      hint: `Say which: ${found.map(({ path }) => path).join(' or ')}.`,
    });
  }
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `${JSON.stringify(text)} is no node of the virtual file`,
    hint: hintFor(text, said, nodes, real, virtual),
  });
}

function hintFor(
  text: string,
  said: IpAddress | undefined,
  nodes: readonly PlacedNode[],
  real: RealEnvironment,
  virtual: VirtualEnvironment,
): string {
  if (said !== undefined || text === 'any') {
    return 'Explained is what passes between two nodes, which have their addresses in the file, not with the world outside.';
  }
  const some = (paths: readonly string[]): string => paths.slice(0, SOME).join(', ');
  if (virtual.sites.some(({ name }) => name === text)) {
    const paths = nodes.filter(({ site }) => site.name === text).map(({ path }) => path);
    return `It is a site. Name one of its nodes: ${some(paths)}.`;
  }
  const host = real.hosts.find(({ name }) => name === text);
  if (host !== undefined) {
    const paths = nodes.filter((node) => node.host === host).map(({ path }) => path);
    return `It is a host.${paths.length === 0 ? '' : ` Name a node on it: ${some(paths)}.`}`;
  }
  const [, vm = text] = /^[^/]*\/(.*)$/.exec(text) ?? [];
  const of = nodes.filter(({ node }) => node.vm === vm).map(({ path }) => path);
  if (of.length > 0) return `${vm} is a node of another site: ${some(of)}.`;
  if (real.hosts.some(({ vms }) => vms.some(({ name }) => name === vm))) {
    return `${vm} is a machine of the real file that no site of the virtual one has as a node.`;
  }
  const near = didYouMean(
    text,
    nodes.flatMap(({ path, node }) => [path, node.vm]),
  );
  return near === undefined
    ? 'Write a node as site/machine, or its machine, or one of its addresses.'
    : `Did you mean ${near}?`;
}
