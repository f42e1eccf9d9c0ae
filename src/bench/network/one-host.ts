import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How large a network of one host is. */
export interface NetworkSize {
  readonly vifs: number;
  /** Links that end at each vif, each from another machine. */
  readonly links: number;
}

export const HOST = 'host1';

/** Some that differ, so that no two neighbours are alike. Mbit/s. */
const bandwidthOf = (vif: number, link: number): number => 10 + ((vif * 7 + link) % 90);

/** Writes the real file: machines at one bridge. Nobody looks into them: shaping and isolation are what is measured. */
export async function writeReal(directory: string, { vifs }: Pick<NetworkSize, 'vifs'>): Promise<string> {
  const lines = [
    '<real-environment xmlns="urn:netmgr:real-environment:1" name="bench">',
    '  <credentials name="lab" user="netmgr" from="env:NETMGR_LAB"/>',
    `  <host name="${HOST}" address="172.16.0.1" hypervisor="namespace">`,
    '    <agent credentials="lab"/>',
    '    <bridge name="br0"/>',
    ...numbers(vifs).map(
      (vif) =>
        `    <vm name="m${String(vif)}" addressing="guest"><vif name="vif${String(vif)}" mac="${macOf(vif)}" bridge="br0"/></vm>`,
    ),
    '  </host>',
    '</real-environment>',
  ];
  return write(join(directory, 'real.xml'), lines);
}

/**
 * Writes a virtual file: at each machine ends a link from each of its next ones.
 *
 * @param isChanged whether the link that ends at that vif has another bandwidth than usual
 */
export async function writeVirtual(
  path: string,
  { vifs, links }: NetworkSize,
  isChanged: (vif: number, link: number) => boolean = () => false,
): Promise<string> {
  const lines = [
    '<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="bench">',
    '  <site name="site1" network="10.0.0.0/8">',
    ...numbers(vifs).map((vif) => `    <node vm="m${String(vif)}" address="${addressOf(vif)}"/>`),
    '  </site>',
    ...numbers(vifs).flatMap((vif) =>
      numbers(links).map((link) => {
        const bandwidth = bandwidthOf(vif, link) + (isChanged(vif, link) ? 100 : 0);
        return `  <link from="m${String((vif + link + 1) % vifs)}" to="m${String(vif)}" direction="forward" bandwidth="${String(bandwidth)}mbit"/>`;
      }),
    ),
    '</virtual-environment>',
  ];
  return write(path, lines);
}

const numbers = (count: number): number[] => [...Array(count).keys()];

async function write(path: string, lines: readonly string[]): Promise<string> {
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

const twoDigits = (octet: number): string => octet.toString(16).padStart(2, '0');

const macOf = (vif: number): string => `02:00:00:00:${twoDigits(vif >> 8)}:${twoDigits(vif & 255)}`;

/** From 10.0.0.1 on. */
const addressOf = (vif: number): string => `10.0.${String((vif + 1) >> 8)}.${String((vif + 1) & 255)}`;
