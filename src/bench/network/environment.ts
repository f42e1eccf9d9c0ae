import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MacAddress } from '../../units/mac-address.js';

/** How large each host of a network is. */
export interface NetworkSize {
  /** Default: one. */
  readonly hosts?: number;
  readonly vifs: number;
  /** Links that end at each vif, each from another machine of its host. */
  readonly links: number;
}

/** The name of a host, which are numbered from 1. */
export const hostName = (host: number): string => `host${String(host)}`;

/** Some that differ, so that no two neighbours are alike. Mbit/s. */
const bandwidthOf = (vif: number, link: number): number => 10 + ((vif * 7 + link) % 90);

/**
 * Writes the real file: machines at a bridge. Nobody looks into them: shaping and isolation are what is measured.
 *
 * @param isApart whether a vif is at another bridge than the others
 */
export async function writeReal(
  directory: string,
  size: Omit<NetworkSize, 'links'>,
  isApart: (vif: number) => boolean = () => false,
): Promise<string> {
  const lines = [
    '<real-environment xmlns="urn:netmgr:real-environment:1" name="bench">',
    '  <credentials name="lab" user="netmgr" from="env:NETMGR_LAB"/>',
    ...hostsOf(size).flatMap((host) => [
      `  <host name="${hostName(host)}" address="172.16.0.${String(host)}" hypervisor="namespace">`,
      '    <agent credentials="lab"/>',
      '    <bridge name="br0"/>',
      ...(numbers(size.vifs).some(isApart) ? ['    <bridge name="br1"/>'] : []),
      ...numbers(size.vifs).map(
        (vif) =>
          `    <vm name="${machineName(host, vif)}" addressing="guest"><vif name="vif${String(vif)}" mac="${macOf(host, vif)}" bridge="${isApart(vif) ? 'br1' : 'br0'}"/></vm>`,
      ),
      '  </host>',
    ]),
    '</real-environment>',
  ];
  return write(join(directory, 'real.xml'), lines);
}

/**
 * Writes a virtual file: each host is a site, and at each machine ends a link from each of its next ones.
 *
 * @param isChanged whether the link that ends at that vif has another bandwidth than usual
 */
export async function writeVirtual(
  path: string,
  size: NetworkSize,
  isChanged: (vif: number, link: number) => boolean = () => false,
): Promise<string> {
  const { vifs, links } = size;
  const lines = [
    '<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="bench">',
    ...hostsOf(size).flatMap((host) => [
      `  <site name="site${String(host)}" network="10.${String(host)}.0.0/16">`,
      ...numbers(vifs).map(
        (vif) => `    <node vm="${machineName(host, vif)}" address="${addressOf(host, vif)}"/>`,
      ),
      '  </site>',
    ]),
    ...hostsOf(size).flatMap((host) =>
      numbers(vifs).flatMap((vif) =>
        numbers(links).map((link) => {
          const bandwidth = bandwidthOf(vif, link) + (isChanged(vif, link) ? 100 : 0);
          const from = machineName(host, (vif + link + 1) % vifs);
          return `  <link from="${from}" to="${machineName(host, vif)}" direction="forward" bandwidth="${String(bandwidth)}mbit"/>`;
        }),
      ),
    ),
    '</virtual-environment>',
  ];
  return write(path, lines);
}

export const numbers = (count: number): number[] => [...Array(count).keys()];

const hostsOf = ({ hosts = 1 }: Pick<NetworkSize, 'hosts'>): number[] =>
  numbers(hosts).map((host) => host + 1);

export const machineName = (host: number, vif: number): string => `h${String(host)}m${String(vif)}`;

async function write(path: string, lines: readonly string[]): Promise<string> {
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

const macOf = (host: number, vif: number): string =>
  MacAddress.ofOctets(Uint8Array.of(2, 0, 0, host, vif >> 8, vif & 255)).toString();

/** From 10.1.0.1 on. */
export const addressOf = (host: number, vif: number): string =>
  `10.${String(host)}.${String((vif + 1) >> 8)}.${String((vif + 1) & 255)}`;
