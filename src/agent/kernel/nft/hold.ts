import { IP_VERSIONS } from '../../../units/ip-network.js';
import type { MacAddress } from '../../../units/mac-address.js';
import { distinctMembers } from '../isolation/reach.js';
import type { IsolationInput } from '../isolation/model.js';
import { expectInterfaceName } from '../names.js';
import type { NftTable } from './model.js';
import { addressSet, ANNOUNCEMENT, hook, quoted, setOf } from './syntax.js';

/** Machines that may come at any moment, and what is known of where they are. */
export interface Hold {
  /** How the names of interfaces begin that may be any machine's. */
  readonly prefixes: readonly string[];
  /** Of the configured machines, here or not. */
  readonly macs: readonly MacAddress[];
  /** The interfaces that are known, and their machines. */
  readonly places: readonly { readonly device: string; readonly mac?: MacAddress }[];
  /** The interfaces of machines that are not here, where these keep their names. */
  readonly awaited: readonly string[];
}

/**
 * What holds a machine that comes until its interface is known and has all that belongs to it: nothing that it sends passes, and
 * nothing reaches it that the rules for its interface would judge. A machine that netmgr does not know sends as ever.
 */
export function buildHold({ prefixes, macs, places, awaited }: Hold, isolation: IsolationInput): NftTable {
  const members = prefixes.length > 0 ? distinctMembers(isolation) : [];
  const any = prefixes.map((prefix) => `"${expectInterfaceName(prefix)}*"`);
  return {
    sets: new Map([
      ['hold-awaited', setOf('ifname', awaited.map(quoted))],
      ...(prefixes.length === 0
        ? []
        : [
            ['hold-machines', setOf('ether_addr', new Set(macs.map(String)))] as const,
            [
              'hold-places',
              setOf(
                'ifname . ether_addr',
                places.flatMap(({ device, mac }) =>
                  mac === undefined ? [] : [`${quoted(device)} . ${mac.toString()}`],
                ),
              ),
            ] as const,
            [
              'hold-known',
              setOf(
                'ifname',
                places.map(({ device }) => quoted(device)),
              ),
            ] as const,
            ...IP_VERSIONS.map(
              (version) => [`hold-members-ipv${String(version)}`, addressSet(members, version)] as const,
            ),
          ]),
    ]),
    chains: new Map([
      [
        'hold',
        [
          hook('prerouting'),
          'iifname @hold-awaited counter drop',
          ...any.map(
            (name) =>
              `iifname ${name} ether saddr @hold-machines iifname . ether saddr != @hold-places counter drop`,
          ),
        ],
      ],
      [
        'hold-forward',
        [
          hook('forward'),
          'oifname @hold-awaited counter drop',
          ...any.map((name) => `oifname ${name} oifname != @hold-known goto hold-unknown`),
        ],
      ],
      ...(prefixes.length === 0
        ? []
        : [
            [
              'hold-unknown',
              [
                // Unicast IP is judged by its addresses, whatever the interface.
                `ether saddr @hold-machines ${ANNOUNCEMENT} counter drop`,
                'arp saddr ip @hold-members-ipv4 counter drop',
                'meta pkttype { broadcast, multicast } ip saddr @hold-members-ipv4 counter drop',
                'meta pkttype { broadcast, multicast } ip6 saddr @hold-members-ipv6 counter drop',
              ],
            ] as const,
          ]),
    ]),
  };
}
