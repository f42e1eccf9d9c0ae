import { NetmgrError } from '../../../errors.js';
import type { Capability } from '../../../mib/host-scalars.js';
import type { CommandOutput, Run, RunOptions } from '../../../process/run.js';
import { loadBridgeNetfilter } from '../ip/bridge-netfilter.js';
import { detectIptables, type IptablesVariant } from '../iptables/read.js';
import { ADVICE } from './advice.js';
import { failedLines } from '../run-batch.js';
import { inScratchNamespace, leftScratchNamespaces } from './scratch-namespace.js';
import {
  flowRulesOver,
  LINK_LINES,
  NFT_TEXT,
  ruleOver,
  SET_LINES,
  TC_LINES,
  type ProbeLine,
} from './lines.js';

/** What this host's kernel and tools can do. */
export interface Probe {
  readonly capabilities: ReadonlySet<Capability>;
  /** What is missing, each with what to do about it. */
  readonly missing: ReadonlyMap<Capability, string>;
  /** The form of iptables and of ip6tables that works. */
  readonly iptables: IptablesVariant | undefined;
  readonly ip6tables: IptablesVariant | undefined;
}

/**
 * Finds out what this host can do by trying it in a network namespace of its own, which is gone afterwards. The
 * kernel loads its modules with that, as far as it can.
 *
 * @throws NetmgrError `CommandFailed` if no namespace can be made, which the agent needs in any case
 */
export async function probeCapabilities(run: Run): Promise<Probe> {
  for (const left of await leftScratchNamespaces(run)) await run(['ip', 'netns', 'del', left]);
  return inScratchNamespace(run, (name) => probeIn(run, name));
}

async function probeIn(run: Run, name: string): Promise<Probe> {
  const inside = ['ip', 'netns', 'exec', name] as const;
  const found = new Set<Capability>();
  await tryLines(run, ['ip', '-n', name, '-force', '-batch', '-'], LINK_LINES, found);
  await tryLines(run, ['tc', '-n', name, '-force', '-batch', '-'], TC_LINES, found);
  if (await works(run, [...inside, 'ipset', 'restore'], { input: SET_LINES })) found.add('ipset');
  if (await works(run, [...inside, 'nft', '-f', '-'], { input: NFT_TEXT })) found.add('nftBridge');
  const iptables = await detectIptables(run, 4, [ruleOver(4)], inside);
  const ip6tables = await detectIptables(run, 6, [ruleOver(6)], inside);
  if (iptables !== undefined) found.add('iptables');
  if (ip6tables !== undefined) found.add('ip6tables');
  if (iptables !== undefined && ip6tables !== undefined) {
    const forms = [
      await detectIptables(run, 4, flowRulesOver(4), inside),
      await detectIptables(run, 6, flowRulesOver(6), inside),
    ];
    if (forms[0] === iptables && forms[1] === ip6tables) found.add('conntrack');
  }
  if (await loadBridgeNetfilter(run)) found.add('bridgeNetfilter');
  if (await works(run, ['fping', '--version'])) found.add('probeEcho');
  if (await works(run, ['iperf3', '--version'])) found.add('probeThroughput');
  if (await works(run, ['socat', '-V'])) found.add('probeConnect');
  const missing = new Map<Capability, string>();
  for (const [capability, advice] of Object.entries(ADVICE) as [Capability, string][]) {
    if (!found.has(capability)) missing.set(capability, advice);
  }
  return { capabilities: found, missing, iptables, ip6tables };
}

/** Runs all lines, whichever fail, and notes what the others show. */
async function tryLines(
  run: Run,
  argv: readonly [string, ...string[]],
  lines: readonly ProbeLine[],
  found: Set<Capability>,
): Promise<void> {
  const input = lines.map(([line]) => `${line}\n`).join('');
  const { stderr } = await run(argv, { input, accept: [0, 1, 2] });
  const failed = new Set(failedLines(stderr).map((number) => number - 1));
  for (const [index, [, capability]] of lines.entries()) {
    if (capability !== undefined && !failed.has(index)) found.add(capability);
  }
}

/** Whether the command ends well; one that is not installed does not. */
async function works(
  run: Run,
  argv: readonly [string, ...string[]],
  options: RunOptions = {},
): Promise<boolean> {
  try {
    const { exitCode }: CommandOutput = await run(argv, options);
    return exitCode === 0;
  } catch (error) {
    if (error instanceof NetmgrError && error.kind === 'CommandFailed') return false;
    throw error;
  }
}
