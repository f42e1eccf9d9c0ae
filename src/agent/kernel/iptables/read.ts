import { NetmgrError } from '../../../errors.js';
import type { IpVersion } from '../../../units/ip-network.js';
import type { Run } from '../../../process/run.js';
import type { RuleCount } from '../rule-count.js';
import { runBatch } from '../run-batch.js';
import { expectRule, type IptablesState } from './model.js';
import { parseRuleCounts } from './parse-counts.js';
import { parseIptables } from './parse.js';
import { writeIptables } from './write.js';

/** The two forms of iptables: over nf_tables, and the one before it. */
export type IptablesVariant = 'nft' | 'legacy';

const VARIANTS: readonly IptablesVariant[] = ['nft', 'legacy'];
const program = (version: IpVersion, variant: IptablesVariant, verb: 'save' | 'restore'): string =>
  `${version === 4 ? 'iptables' : 'ip6tables'}-${variant}-${verb}`;

/** Rules of others are kept, and whoever else changes them just now is waited for, in seconds. */
const RESTORE_OPTIONS = ['--noflush', '--wait=10'] as const;

/**
 * The form that works on this kernel, by trial. Listing and `--test` work even where no rule can be made, so
 * rules are made, in a network namespace that ends with the trial or with the caller's. Where both forms
 * work, it is the one over nf_tables: only one of them is ever used.
 *
 * @param rules what to try
 * @param inNamespace the command that runs the trial in a scratch namespace: unshare(1) unless one is there
 * @returns undefined if neither works
 */
export async function detectIptables(
  run: Run,
  version: IpVersion = 4,
  rules: readonly string[] = ['-j ACCEPT'],
  inNamespace: readonly [string, ...string[]] = ['unshare', '--net'],
): Promise<IptablesVariant | undefined> {
  const added = rules.map((rule) => `-A NETMGR-TRIAL ${expectRule(rule)}\n`).join('');
  const input = `*filter\n:NETMGR-TRIAL - [0:0]\n${added}COMMIT\n`;
  for (const variant of VARIANTS) {
    try {
      await run([...inNamespace, program(version, variant, 'restore'), ...RESTORE_OPTIONS], { input });
      return variant;
    } catch (error) {
      if (!(error instanceof NetmgrError) || error.kind !== 'CommandFailed') throw error;
    }
  }
  return undefined;
}

/** Reads our rules with one process. @throws NetmgrError `CommandFailed`. */
export async function readIptables(
  run: Run,
  version: IpVersion,
  variant: IptablesVariant,
): Promise<IptablesState> {
  const { stdout } = await run([program(version, variant, 'save'), '-t', 'filter']);
  return parseIptables(stdout);
}

/** Reads what rules for forwarded packets, of others too, have matched, with one process. @throws NetmgrError `CommandFailed`. */
export async function readRuleCounts(
  run: Run,
  version: IpVersion,
  variant: IptablesVariant,
): Promise<RuleCount[]> {
  const { stdout } = await run([program(version, variant, 'save'), '-c']);
  return parseRuleCounts(stdout);
}

/** Brings our rules from one state to another with one process, or none when nothing differs. */
export async function applyIptables(
  run: Run,
  version: IpVersion,
  variant: IptablesVariant,
  from: IptablesState,
  to: IptablesState,
): Promise<void> {
  await runBatch(run, [program(version, variant, 'restore'), ...RESTORE_OPTIONS], writeIptables(from, to));
}
