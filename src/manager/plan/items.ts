import { addrTable } from '../../mib/addr-table.js';
import type { Configuration } from '../../mib/configuration.js';
import { groupBy } from '../../group-by.js';
import { linkTable, type LinkRow } from '../../mib/link-table.js';
import { memberTable, type MemberRow } from '../../mib/member-table.js';
import { overlayMachineTable } from '../../mib/overlay-machine-table.js';
import { overlayTable } from '../../mib/overlay-table.js';
import { overlayVtepTable } from '../../mib/overlay-vtep-table.js';
import { profileTable } from '../../mib/profile-table.js';
import { routeTable } from '../../mib/route-table.js';
import { siteLinkTable } from '../../mib/site-link-table.js';
import { siteTable } from '../../mib/site-table.js';
import { vifTable } from '../../mib/vif-table.js';
import { NO_LISTS, type Item, type LinkItem } from './item.js';
import { isLinkLocal, type Names } from './names.js';
import { profileWords, type Properties } from './profile-words.js';
import { ruleItems } from './rule-items.js';

const NOTHING: Properties = new Map();

/** What a host runs, or is to run, by what a user has names for. */
export function itemsOf(configuration: Configuration, names: Names): Item[] {
  const profiles = new Map(configuration.rows(profileTable).map((row) => [row.index, profileWords(row)]));
  const profile = (index: number): Properties => profiles.get(index) ?? NOTHING;
  return [
    ...siteItems(configuration, names),
    ...connectionItems(configuration, names),
    ...ruleItems(configuration, names),
    ...machineItems(configuration, names, profile),
    ...overlayItems(configuration, names),
    ...linkItems(configuration, names, profile),
  ];
}

function siteItems(configuration: Configuration, names: Names): Item[] {
  const members = groupBy(configuration.rows(memberTable), ({ site }) => site);
  return configuration.rows(siteTable).map((row) => ({
    ...{ kind: 'site', key: `site ${String(row.site)}`, subject: row.name || String(row.site) },
    properties: new Map([['policy', row.policy]]),
    lists: new Map([['member', memberTexts(members.get(row.site) ?? [], names)]]),
    row: { table: siteTable, row },
  }));
}

/** Each node once, with its addresses; link-local ones go with them. */
function memberTexts(rows: readonly MemberRow[], names: Names): Set<string> {
  const given = rows.filter(({ address }) => !isLinkLocal(address));
  const nodes = groupBy(
    given,
    ({ address, role }) => `${names.address(address)}${role === 'proxy' ? ' (proxy)' : ''}`,
  );
  return new Set(
    [...nodes].map(([name, own]) => {
      const addresses = own.map(({ address }) => address).filter((address) => !name.includes(address));
      return [name, ...addresses].join(' ');
    }),
  );
}

function connectionItems(configuration: Configuration, names: Names): Item[] {
  return configuration.rows(siteLinkTable).map((row) => ({
    ...{ kind: 'connection', key: `connection ${String(row.site)} ${String(row.peer)}` },
    subject: [names.site(row.site), names.site(row.peer)].sort().join(' ↔ '),
    ...{ properties: new Map([['joined', '']]), lists: NO_LISTS, row: { table: siteLinkTable, row } },
  }));
}

function machineItems(
  configuration: Configuration,
  names: Names,
  profile: (index: number) => Properties,
): Item[] {
  const addresses = groupBy(configuration.rows(addrTable), ({ vif }) => vif);
  const routes = groupBy(configuration.rows(routeTable), ({ vif }) => vif);
  return configuration.rows(vifTable).map((row) => ({
    ...{ kind: 'machine', key: `vif ${row.vif}`, subject: names.machineOf(row.vif) },
    properties: new Map([
      ['vif', row.vif],
      ['bridge', row.bridge],
      ['mac', row.macAddress],
      ...(row.mtu === 0 ? [] : [['mtu', `${String(row.mtu)}B`] as const]),
      ...(row.forwarding === 'nothing' ? [] : [['forwards', row.forwarding] as const]),
      ...(row.sourceGuard ? [] : [['source guard', 'off'] as const]),
      ...[...profile(row.txProfile)].map(([name, text]) => [`sends ${name}`, text] as const),
      ...[...profile(row.rxProfile)].map(([name, text]) => [`receives ${name}`, text] as const),
    ]),
    lists: new Map([
      [
        'address',
        new Set(
          (addresses.get(row.vif) ?? []).map(
            ({ address, prefixLength }) => `${address}/${String(prefixLength)}`,
          ),
        ),
      ],
      [
        'route',
        new Set(
          (routes.get(row.vif) ?? []).map(
            ({ destination, prefixLength, nextHop, metric }) =>
              `${destination}/${String(prefixLength)}${nextHop === '' ? '' : ` via ${nextHop}`}${metric === 0 ? '' : ` metric ${String(metric)}`}`,
          ),
        ),
      ],
    ]),
    row: { table: vifTable, row },
  }));
}

function overlayItems(configuration: Configuration, names: Names): Item[] {
  const hosts = groupBy(configuration.rows(overlayVtepTable), ({ site }) => site);
  const machines = groupBy(configuration.rows(overlayMachineTable), ({ site }) => site);
  return configuration.rows(overlayTable).map((row) => ({
    ...{ kind: 'overlay', key: `overlay ${String(row.site)}`, subject: `overlay of ${names.site(row.site)}` },
    properties: new Map([
      ['bridge', row.bridge],
      ['vni', String(row.vni)],
      ['port', String(row.port)],
    ]),
    lists: new Map([
      [
        'host',
        new Set(
          (hosts.get(row.site) ?? []).filter(({ role }) => role === 'remote').map(({ address }) => address),
        ),
      ],
      ['machine', new Set((machines.get(row.site) ?? []).map(({ mac, vtep }) => `${mac} at ${vtep}`))],
    ]),
    row: { table: overlayTable, row },
  }));
}

/** Rows of one group are one link; a row without a group is one of its own. */
function linkItems(
  configuration: Configuration,
  names: Names,
  profile: (index: number) => Properties,
): LinkItem[] {
  const keyOf = ({ vif, group, peer, peerPrefixLength }: LinkRow): string =>
    group === 0 ? `link ${vif} ${peer}/${String(peerPrefixLength)}` : `link ${vif} group ${String(group)}`;
  return [...groupBy(configuration.rows(linkTable), keyOf)].flatMap(([key, rows]): LinkItem[] => {
    const [row] = rows;
    if (row === undefined) return [];
    const [sender, receiver] = [names.sender(rows), names.machineOf(row.vif)];
    return [
      {
        ...{ kind: 'link', key, sender, receiver, subject: `${sender} → ${receiver}` },
        ...{ properties: profile(row.profile), lists: NO_LISTS, row: { table: linkTable, row } },
      },
    ];
  });
}
