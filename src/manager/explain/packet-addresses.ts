import { NetmgrError } from '../../errors.js';
import { IpAddress, type IpVersion } from '../../units/ip-network.js';
import type { PlacedNode } from '../merge/placed-node.js';
import type { ExplainQuestion } from './explain-environment.js';

/** The addresses that the packet bears. */
export function packetAddresses(
  from: PlacedNode,
  to: PlacedNode,
  { from: fromText, to: toText, version, probe }: Pick<ExplainQuestion, 'from' | 'to' | 'version' | 'probe'>,
): [IpAddress, IpAddress] {
  if (from.node.vm === to.node.vm) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${from.path} and ${to.path} are one machine: nothing between them is emulated`,
    });
  }
  const candidates = (node: PlacedNode, text: string): readonly IpAddress[] => {
    const said = IpAddress.tryParse(text);
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
    ...noCommonVersion(from, to, fromText, toText, version),
  });
}

function noCommonVersion(
  from: PlacedNode,
  to: PlacedNode,
  fromText: string,
  toText: string,
  version: IpVersion | undefined,
): { readonly message: string; readonly hint: string } {
  if (version !== undefined) {
    const name = `IPv${String(version)}`;
    const without = [from, to].filter((one) => one.node.addresses.every((each) => each.version !== version));
    if (without.length > 0) {
      return {
        message: `${without.map(({ path }) => path).join(' and ')} ${without.length === 1 ? 'has' : 'have'} no ${name} address in the virtual file`,
        hint: `Leave -${String(version)} out, or give the node an address of ${name}.`,
      };
    }
  }
  return {
    message: `${fromText} and ${toText} have no address of ${version === undefined ? 'the same IP version' : `IPv${String(version)} both`}`,
    hint: 'Name the nodes, to leave open which of their addresses is meant.',
  };
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
