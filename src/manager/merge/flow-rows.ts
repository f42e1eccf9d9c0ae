import { FLOW_PROTOCOLS, flowTable, type FlowRow } from '../../mib/flow-table.js';
import { defaultsOf } from '../../mib/table.js';
import type { IpAddress } from '../../units/ip-network.js';
import type { Site } from '../model/site.js';
import type { Exception, ExceptionEnd } from './exceptions.js';

/** What a row has by itself. */
const DEFAULTS = defaultsOf(flowTable) as Omit<FlowRow, 'index'>;

/** The rows of each exception, in their order. */
export function flowRows(
  exceptions: readonly Exception[],
  indexOf: (site: Site) => number,
): { readonly exception: Exception; readonly rows: readonly FlowRow[] }[] {
  let index = 0;
  return exceptions.map((exception) => ({
    exception,
    rows: rowsOf(exception, indexOf).map((row): FlowRow => ({ ...DEFAULTS, ...row, index: ++index })),
  }));
}

/** One row for each pair of addresses of one IP version; the link-local ones too, by which neighbours find each other. */
function rowsOf(exception: Exception, indexOf: (site: Site) => number): Partial<FlowRow>[] {
  const { action, from, to, ports } = exception;
  const own: Partial<FlowRow> = {
    action: action === 'allow' ? 'permit' : 'deny',
    fromSite: from.kind === 'outside' ? 0 : indexOf(from.site),
    toSite: to.kind === 'outside' ? 0 : indexOf(to.site),
    ...(ports === undefined ? {} : { toPortMin: ports[0], toPortMax: ports[1] }),
  };
  return addressesOf(from).flatMap((source) =>
    addressesOf(to)
      .filter((target) => source === undefined || target === undefined || source.version === target.version)
      .flatMap((target) =>
        protocolsOf(exception, source ?? target).map((protocol) => ({
          ...own,
          protocol,
          ...(source === undefined ? {} : fromCells(source)),
          ...(target === undefined ? {} : toCells(target)),
        })),
      ),
  );
}

/** Of a node all; what is no node is not told by addresses. */
const addressesOf = (end: ExceptionEnd): readonly (IpAddress | undefined)[] =>
  end.kind === 'node' ? end.nodes.flatMap(({ allAddresses }) => allAddresses) : [undefined];

/** `icmp` is a protocol of its own in each IP version. */
function protocolsOf({ protocol }: Exception, address: IpAddress | undefined): number[] {
  if (protocol === undefined) return [FLOW_PROTOCOLS.any];
  if (protocol !== 'icmp') return [FLOW_PROTOCOLS[protocol]];
  const versions = address === undefined ? [4, 6] : [address.version];
  return versions.map((version) => (version === 4 ? FLOW_PROTOCOLS.icmp : FLOW_PROTOCOLS.icmpv6));
}

const typeOf = ({ version }: IpAddress): 'ipv4' | 'ipv6' => (version === 4 ? 'ipv4' : 'ipv6');

const fromCells = (address: IpAddress): Partial<FlowRow> => ({
  fromAddressType: typeOf(address),
  fromAddress: address.toString(),
  fromPrefixLength: address.bits,
});

const toCells = (address: IpAddress): Partial<FlowRow> => ({
  toAddressType: typeOf(address),
  toAddress: address.toString(),
  toPrefixLength: address.bits,
});
