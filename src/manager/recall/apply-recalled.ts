import { agentOf, withSessions } from '../with-sessions.js';
import type { ApplyListener, HostListener } from '../apply/apply-listener.js';
import type { ApplyReport } from '../apply/apply-report.js';
import { applySettings } from '../apply/apply-settings.js';
import { sameAgent } from '../apply/decision.js';
import { DecisionStore } from '../apply/decision-store.js';
import { observeAll } from '../apply/observe-all.js';
import { ObservedHost } from '../apply/observed-host.js';
import { onAll } from '../apply/on-all.js';
import { LONGEST_ABSENCE } from '../apply/wait-until-free.js';
import type { ManagerOptions } from '../manager-options.js';
import type { AgentSession } from '../snmp/agent-session.js';
import { decisionDirectory } from '../state-directory.js';
import type { MergedFiles, MergedHost } from './merged-files.js';

class RecalledHost extends ObservedHost {
  readonly digest: Buffer;

  constructor(host: MergedHost, session: AgentSession, onStep: HostListener) {
    super(host.name, session, onStep);
    this.digest = host.digest;
  }
}

/**
 * An apply of files that were applied before, as long as it has nothing to do: without reading what the files say.
 *
 * @returns undefined where something is to do, for an apply that does it
 * @throws NetmgrError or ApplyError with what every host had to say
 */
export async function applyRecalled(
  merged: MergedFiles,
  options: ManagerOptions,
  onStep: ApplyListener,
  signal: AbortSignal,
): Promise<ApplyReport | undefined> {
  const started = performance.now();
  const { wait } = applySettings(options);
  if (await isDecidedAbout(merged, options)) return undefined;
  const warn = (): void => {
    for (const warning of merged.warnings) options.onWarning?.(warning);
  };
  return withSessions(merged, merged.hosts, options, async (sessions) => {
    const hosts = sessions.map((session, i) => {
      const host = merged.hosts[i];
      if (host === undefined) throw new Error('there are more sessions than hosts');
      return new RecalledHost(
        host,
        session,
        saidOnce((...step) => onStep(host.name, ...step)),
      );
    });
    try {
      if (!(await doAllRunWanted(hosts)) || !(await observeAll(hosts, { wait, signal }))) return undefined;
    } catch (error) {
      warn();
      throw error;
    }
    warn();
    for (const host of hosts) host.onStep('unchanged');
    return {
      environment: merged.environment,
      hosts: hosts.map(({ path }) => ({ host: path, changed: false, rows: 0, repaired: 0 })),
      duration: (performance.now() - started) / 1000,
    };
  });
}

/** Whether an interrupted apply has decided something about one of the hosts, which comes first. */
async function isDecidedAbout(merged: MergedFiles, options: ManagerOptions): Promise<boolean> {
  const { stateDirectory, environment = process.env, onWarning } = options;
  const store = new DecisionStore(decisionDirectory(stateDirectory, environment), onWarning);
  const agents = merged.hosts.map(agentOf);
  return (await store.read()).some(({ hosts }) =>
    hosts.some(({ agent }) => agents.some((other) => sameAgent(other, agent))),
  );
}

/** Whether all hosts say that they run what is wanted of them, without a look at their kernels. */
async function doAllRunWanted(hosts: readonly RecalledHost[]): Promise<boolean> {
  let doAll = true;
  await onAll(hosts, async ({ session, digest, onStep }) => {
    onStep('read');
    if (!digest.equals(await session.runningDigest(LONGEST_ABSENCE))) doAll = false;
  });
  return doAll;
}

/** Leaves out that a host is read again. */
function saidOnce(onStep: HostListener): HostListener {
  let last: string | undefined;
  return (step, progress) => {
    if (step === 'read' && step === last) return;
    last = step;
    onStep(step, progress);
  };
}
