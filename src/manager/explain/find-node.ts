import { NetmgrError } from '../../errors.js';
import { IpAddress } from '../../units/ip-network.js';
import type { PlacedNode } from '../merge/placed-node.js';
import { didYouMean } from '../xml/did-you-mean.js';

/**
 * The node that somebody means: by its path `site1/vm1`, by its machine where that is a node of one site only, or by one of its
 * addresses.
 *
 * @throws NetmgrError `InvalidInput` if it is none, or several
 */
export function findNode(text: string, nodes: readonly PlacedNode[]): PlacedNode {
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
  const near = didYouMean(
    text,
    nodes.flatMap(({ path, node }) => [path, node.vm]),
  );
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `${JSON.stringify(text)} is no node of the virtual file`,
    hint:
      near === undefined
        ? 'Write a node as site/machine, or its machine, or one of its addresses.'
        : `Did you mean ${near}?`,
  });
}
