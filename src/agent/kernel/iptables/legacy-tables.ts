import { readFile } from 'node:fs/promises';

/** The tables of iptables before nf_tables that the kernel has at present, whoever made them, without making any. */
export async function legacyTables(): Promise<{ readonly ipv4: string[]; readonly ipv6: string[] }> {
  return { ipv4: await namesIn('ip_tables_names'), ipv6: await namesIn('ip6_tables_names') };
}

async function namesIn(file: string): Promise<string[]> {
  try {
    return (await readFile(`/proc/net/${file}`, 'utf8')).split('\n').filter((name) => name !== '');
  } catch {
    // A kernel without them has no such file.
    return [];
  }
}
