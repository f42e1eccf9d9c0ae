import type { ApplyListener, HostListener } from '../apply/apply-listener.js';
import type { ApplyReport } from '../apply/apply-report.js';
import { applySettings } from '../apply/apply-settings.js';
import { DecisionStore } from '../apply/decision-store.js';
import { observeAll } from '../apply/observe-all.js';
import { onAll } from '../apply/on-all.js';
import { ObservedHost } from '../apply/observed-host.js';
import { PATIENCE } from '../apply/wait-until-free.js';
import type { ManagerOptions } from '../manager-options.js';
import type { AgentSession } from '../snmp/agent-session.js';
import { decisionDirectory } from '../state-directory.js';
import { withSessions } from '../with-sessions.js';
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
  const { stateDirectory, environment = process.env } = options;
  const store = new DecisionStore(decisionDirectory(stateDirectory, environment), options.onWarning);
  if ((await store.read()).length > 0) return undefined;
  return withSessions(merged, merged.hosts, options, async (sessions) => {
    const hosts = sessions.flatMap((session, i) => {
      const host = merged.hosts[i];
      return host === undefined
        ? []
        : [new RecalledHost(host, session, (...step) => onStep(host.name, ...step))];
    });
    if (!(await runAll(hosts)) || !(await observeAll(hosts, { wait, signal }))) return undefined;
    for (const warning of merged.warnings) options.onWarning?.(warning);
    for (const host of hosts) host.onStep('unchanged');
    return {
      environment: merged.environment,
      hosts: hosts.map(({ path }) => ({ host: path, changed: false, rows: 0, repaired: 0 })),
      duration: (performance.now() - started) / 1000,
    };
  });
}

/** Whether all hosts say that they run what is wanted of them, without a look at their kernels. */
async function runAll(hosts: readonly RecalledHost[]): Promise<boolean> {
  let doAll = true;
  await onAll(hosts, async ({ session, digest }) => {
    if (!digest.equals(await session.runningDigest(PATIENCE))) doAll = false;
  });
  return doAll;
}
