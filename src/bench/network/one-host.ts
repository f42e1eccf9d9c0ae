import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How large a network of one host is. */
export interface NetworkSize {
  readonly vifs: number;
  /** Links that end at each vif, each from another machine. */
  readonly links: number;
}

/** The two files of a network. */
export interface NetworkFiles {
  readonly real: string;
  readonly virtual: string;
}

export const HOST = 'host1';

/** The first machines' bandwidths differ from those of others, so that no two neighbours are alike. */
const bandwidthOf = (vif: number, link: number): number => 10 + ((vif * 7 + link) % 90);

/**
 * Writes the files of machines at one bridge, each with a link of its own from each of its next machines. Nobody looks into
 * the machines: what is measured is shaping and isolation.
 *
 * @param changed whether the link that ends at that vif has another bandwidth than usual
 */
export async function writeOneHost(
  directory: string,
  { vifs, links }: NetworkSize,
  changed: (vif: number, link: number) => boolean = () => false,
): Promise<NetworkFiles> {
  const all = [...Array(vifs).keys()];
  const real = [
    '<real-environment xmlns="urn:netmgr:real-environment:1" name="bench">',
    '  <credentials name="lab" user="netmgr" from="env:NETMGR_LAB"/>',
    `  <host name="${HOST}" address="172.16.0.1" hypervisor="namespace">`,
    '    <agent credentials="lab"/>',
    '    <bridge name="br0"/>',
    ...all.map(
      (vif) =>
        `    <vm name="m${String(vif)}" addressing="guest"><vif name="vif${String(vif)}" mac="${macOf(vif)}" bridge="br0"/></vm>`,
    ),
    '  </host>',
    '</real-environment>',
  ];
  const virtual = [
    '<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="bench">',
    '  <site name="site1" network="10.0.0.0/8">',
    ...all.map((vif) => `    <node vm="m${String(vif)}" address="${addressOf(vif)}"/>`),
    '  </site>',
    ...all.flatMap((vif) =>
      [...Array(links).keys()].map((link) => {
        const bandwidth = bandwidthOf(vif, link) + (changed(vif, link) ? 100 : 0);
        return `  <link from="m${String((vif + link + 1) % vifs)}" to="m${String(vif)}" direction="forward" bandwidth="${String(bandwidth)}mbit"/>`;
      }),
    ),
    '</virtual-environment>',
  ];
  const files = { real: join(directory, 'real.xml'), virtual: join(directory, 'virtual.xml') };
  await writeFile(files.real, `${real.join('\n')}\n`);
  await writeFile(files.virtual, `${virtual.join('\n')}\n`);
  return files;
}

const twoDigits = (octet: number): string => octet.toString(16).padStart(2, '0');

const macOf = (vif: number): string => `02:00:00:00:${twoDigits(vif >> 8)}:${twoDigits(vif & 255)}`;

/** From 10.0.0.1 on. */
const addressOf = (vif: number): string => `10.0.${String((vif + 1) >> 8)}.${String((vif + 1) & 255)}`;
