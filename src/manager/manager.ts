import { failuresOf, NetmgrError } from '../errors.js';
import { applyEnvironment } from './apply/apply-environment.js';
import type { ApplyListener } from './apply/apply-listener.js';
import type { ApplyReport } from './apply/apply-report.js';
import { applySettings } from './apply/apply-settings.js';
import { abandonedDecisions, awaitDecisions } from './apply/abandoned-decisions.js';
import { completeDecision, type Completion } from './apply/complete-decision.js';
import type { StoredDecision } from './apply/decision.js';
import { DecisionStore } from './apply/decision-store.js';
import { participantsOf } from './apply/participants-of.js';
import type { SavedPlan } from './apply/saved-plan.js';
import { whatWasDecided } from './apply/what-was-decided.js';
import { planEnvironment } from './apply/plan-environment.js';
import type { EnvironmentPlan } from './apply/environment-plan.js';
import type { EnvironmentComponent } from './components/environment-component.js';
import { explainEnvironment, type ExplainQuestion } from './explain/explain-environment.js';
import type { Explanation } from './explain/explanation.js';
import { readHostOverview, type HostFailure, type HostOverview } from './host-status.js';
import { missingMachines } from './locate/missing-machines.js';
import { locateMachines } from './locate/locate-machines.js';
import { readMachines } from './locate/read-machines.js';
import { relocate } from './locate/relocate.js';
import type { ManagerOptions } from './manager-options.js';
import { emptyEnvironment, mergeEnvironments } from './merge/merge.js';
import type { PositionOf } from './merge/place-nodes.js';
import { WantedNetwork } from './merge/wanted-network.js';
import { clusteredHosts } from './model/clusters.js';
import type { RealEnvironment } from './model/real-environment.js';
import type { VirtualEnvironment } from './model/virtual-environment.js';
import { monitorHosts, type MonitorSettings } from './monitor/monitor.js';
import { joinChanges } from './plan/join-changes.js';
import { receiveNews, type NewsSettings, type OpenNews } from './receive-news.js';
import type { AgentSession } from './snmp/agent-session.js';
import { decisionDirectory, stateDirectory } from './state-directory.js';
import { verifyEnvironment } from './verify/verify-environment.js';
import type { VerifySettings } from './verify/verify-network.js';
import type { VerifyReport } from './verify/verify-report.js';
import { agentOf, managerName, withSessions } from './with-sessions.js';
import { bothFiles } from './xml/both-files.js';
import type { Document } from './xml/document.js';
import { parseRealEnvironment, readRealEnvironment } from './xml/read-real-environment.js';
import type { FileText } from './xml/read-text.js';
import { parseVirtualEnvironment, readVirtualEnvironment } from './xml/read-virtual-environment.js';

/** Where elements of the virtual and of the real environment stand in their files. */
type PositionsOf = [virtual?: PositionOf, real?: PositionOf];

/**
 * Configures the emulated network of the hosts of a real environment, through their agents.
 *
 * @example
 * const manager = await Manager.load('real.xml', 'virtual.xml');
 * await manager.apply();
 */
export class Manager {
  private constructor(
    readonly real: RealEnvironment,
    readonly virtual: VirtualEnvironment | undefined,
    readonly environment: EnvironmentComponent,
    private readonly options: ManagerOptions,
    /** What the hosts have to run for {@link apply} to do anything. */
    private readonly expected?: SavedPlan['runningDigests'],
    /** Where elements of the virtual environment stand in their file. */
    private readonly positionOf: PositionOf = () => undefined,
    private readonly realPositionOf: PositionOf = () => undefined,
    /** Whether machines are where they were found, and not where the file has them. */
    private readonly isLocated = false,
  ) {}

  /**
   * Reads and merges the two files.
   *
   * @param virtualPath without it there is nothing to apply, but status and destroy work
   * @throws NetmgrError or ApplyError with all that is wrong in the files
   */
  static async load(realPath: string, virtualPath?: string, options: ManagerOptions = {}): Promise<Manager> {
    return Manager.#ofFiles(
      await bothFiles([
        readRealEnvironment(realPath),
        virtualPath === undefined ? undefined : readVirtualEnvironment(virtualPath),
      ]),
      options,
    );
  }

  /** The same of files that were read. @internal */
  static async ofTexts(real: FileText, virtual: FileText, options: ManagerOptions): Promise<Manager> {
    return Manager.#ofFiles(
      await bothFiles([
        parseRealEnvironment(real.text, real.path),
        parseVirtualEnvironment(virtual.text, virtual.path),
      ]),
      options,
    );
  }

  static #ofFiles(
    [real, virtual]: readonly [Document<RealEnvironment>, Document<VirtualEnvironment> | undefined],
    options: ManagerOptions,
  ): Manager {
    const positions = [virtual?.positionOf, real.positionOf] as const;
    return Manager.of(real.environment, virtual?.environment, options, ...positions);
  }

  /**
   * A manager of environments that are in memory. `onWarning` hears of what may not be as it is asked.
   *
   * @throws NetmgrError or ApplyError with all conflicts
   */
  static of(
    real: RealEnvironment,
    virtual: VirtualEnvironment | undefined,
    options: ManagerOptions = {},
    ...positions: PositionsOf
  ): Manager {
    const environment =
      virtual === undefined
        ? emptyEnvironment('', real.hosts)
        : mergeEnvironments(real, virtual, ...positions);
    for (const warning of environment.warnings) options.onWarning?.(warning);
    return new Manager(real, virtual, environment, options, undefined, ...positions);
  }

  /** As {@link relocated}, once: whatever works on the hosts asks for it by itself. */
  async located(): Promise<Manager> {
    return this.isLocated ? this : this.#relocated(true);
  }

  /**
   * The same manager with the machines of clusters where they are now; of what cannot be found, it stays as it is.
   *
   * @throws NetmgrError or ApplyError with conflicts that come of where machines are, or if credentials are missing
   */
  relocated(): Promise<Manager> {
    return this.#relocated(false);
  }

  async #relocated(warns: boolean): Promise<Manager> {
    const { real, virtual, options } = this;
    const hosts = clusteredHosts(real.hosts);
    if (virtual === undefined || hosts.length === 0) return this;
    const said = await withSessions(real, hosts, options, (sessions) => readMachines(hosts, sessions));
    const found = locateMachines(real.hosts, said);
    if (warns && said.length === hosts.length) missingMachines(hosts, virtual, found).forEach(this.#warn);
    const moved = relocate(real, (vm) => found.get(vm));
    const positionOf: PositionOf = (element) => this.realPositionOf(moved.originOf(element));
    const environment =
      moved.real === real
        ? this.environment
        : mergeEnvironments(moved.real, virtual, this.positionOf, positionOf);
    const positions = [this.positionOf, positionOf] as const;
    return new Manager(moved.real, virtual, environment, options, this.expected, ...positions, true);
  }

  /** The name of the host that a machine of the real file is at. */
  hostOf(vm: string): string | undefined {
    return this.real.hosts.find(({ vms }) => vms.some(({ name }) => name === vm))?.name;
  }

  /** A manager that applies a plan as it was made, and refuses where a host runs something else by now. */
  static ofPlan({ real, environment, runningDigests }: SavedPlan, options: ManagerOptions = {}): Manager {
    return new Manager(real, undefined, environment, options, runningDigests);
  }

  /** The plan to be kept in a file: `savedPlanText` writes it, and {@link ofPlan} applies it. */
  savedPlan({ hosts }: EnvironmentPlan): SavedPlan {
    const { real, environment } = this;
    const runningDigests = new Map(
      hosts.map(({ host, runningDigest }) => [host, Buffer.from(runningDigest)] as const),
    );
    return { time: new Date(), real, environment, runningDigests };
  }

  /**
   * What apply would change. All agents are asked, and check it as they would before a commit; what they run is not
   * touched. Without a virtual environment it is what {@link destroy} would change.
   *
   * @param commands whether agents are asked for the commands that a commit would run
   * @throws NetmgrError or ApplyError with what stands in the way of an apply
   */
  async plan(
    onStep: ApplyListener = () => undefined,
    signal?: AbortSignal,
    commands = false,
  ): Promise<EnvironmentPlan> {
    const located = await this.located();
    if (located !== this) return located.plan(onStep, signal, commands);
    const { environment, virtual } = this;
    await this.#warnOfDecisions();
    const hosts = await withSessions(this.real, this.real.hosts, this.options, (sessions) =>
      planEnvironment(participantsOf(environment, sessions, onStep), virtual, {
        ...{ environment: environment.name, signal, commands, settings: applySettings(this.options) },
      }),
    );
    for (const { host, rows } of hosts) onStep(host, rows === 0 ? 'unchanged' : 'done');
    return { environment: environment.name, changes: joinChanges(hosts), hosts };
  }

  /**
   * Measures what runs against the files: the agents look at their hosts, and probe from inside their machines. Nothing is
   * changed; streams fill links for some seconds.
   *
   * @param settings `budget`: seconds that it may take, so that bandwidths are left out for which no time is left
   * @throws NetmgrError `Unreachable` if no agent answers; what one of several hosts cannot do is in the report
   */
  async verify(settings: Partial<VerifySettings> = {}): Promise<VerifyReport> {
    const { environment, real } = await this.located();
    const virtual = this.#virtualTo('verify');
    return withSessions(real, real.hosts, this.options, (sessions) =>
      verifyEnvironment(real, virtual, environment, sessions, {
        ...{ budget: settings.budget, signal: settings.signal },
        onStage: settings.onStage ?? (() => undefined),
      }),
    );
  }

  /**
   * Explains what happens to packets from one node to another: whether they may pass and what decides it, in the files and in
   * the kernels of the hosts on their way, what shapes them, and what was measured last. With `probe` one is sent.
   *
   * @throws NetmgrError `InvalidInput` for nodes that are none; what a host does not say is in the explanation
   */
  async explain(question: ExplainQuestion): Promise<Explanation> {
    const { environment, real, positionOf } = await this.located();
    const virtual = this.#virtualTo('explain');
    return withSessions(real, real.hosts, this.options, (sessions) =>
      explainEnvironment(real, virtual, environment, sessions, positionOf, question),
    );
  }

  /**
   * Makes all hosts agree with the virtual environment, or none. What an interrupted apply had decided about one of
   * them is completed before.
   *
   * @param signal ends it as long as it is not decided: hosts that have changed go back. After that it goes on to its end
   * @throws NetmgrError or ApplyError with what each host had to say
   */
  async apply(onStep?: ApplyListener, signal?: AbortSignal): Promise<ApplyReport> {
    if (this.virtual === undefined && this.expected === undefined) {
      throw new NetmgrError({ kind: 'InvalidInput', message: 'there is no virtual environment to apply' });
    }
    const { environment } = await this.located();
    return this.#apply(environment, onStep, signal, this.expected);
  }

  /** Removes everything that was applied, from all hosts of the real environment; like {@link apply} otherwise. */
  destroy(onStep?: ApplyListener, signal?: AbortSignal): Promise<ApplyReport> {
    return this.#apply(emptyEnvironment('', this.real.hosts), onStep, signal);
  }

  /**
   * What every agent reports; a host that cannot be asked does not hide the others. What an interrupted apply had
   * decided is completed before, where no other manager is at work.
   *
   * @param ratesOver milliseconds over which the measured bandwidths of vifs and links are, a second at least; without it they are
   *   those since somebody has asked before
   */
  async status(ratesOver?: number): Promise<(HostOverview | HostFailure)[]> {
    await this.#completeBeforeStatus().catch((error: unknown) => {
      failuresOf(error).forEach(this.#warn);
    });
    return Promise.all(
      this.real.hosts.map(async (host) => {
        const { name } = host;
        try {
          return await withSessions(this.real, [host], this.options, async ([session]) => {
            if (session === undefined)
              throw new NetmgrError({ kind: 'Bug', message: `no session for ${name}` });
            return readHostOverview(name, session.snmp, ratesOver);
          });
        } catch (error) {
          return { name, errors: failuresOf(error) };
        }
      }),
    );
  }

  /**
   * Reads what every agent reports, again and again, until it is ended. Nothing is changed, and nothing that an interrupted apply
   * had decided is completed.
   *
   * @throws NetmgrError if credentials are missing; a host that does not answer is in the states
   */
  async monitor(settings: MonitorSettings): Promise<void> {
    const { real, virtual } = this;
    const nodes = virtual === undefined ? [] : new WantedNetwork(real, virtual).nodes;
    await withSessions(real, real.hosts, this.options, (sessions) =>
      monitorHosts(
        sessions.map(({ snmp }) => snmp),
        { hosts: real.hosts, nodes },
        settings,
      ),
    );
  }

  /**
   * Receives what the agents notify of, until it is closed: those that were told to notify this address, as a user of the real
   * file's credentials.
   *
   * @throws NetmgrError if the address cannot be had, or if credentials are missing
   */
  async receiveNews(settings: NewsSettings): Promise<OpenNews> {
    const { stateDirectory: given, environment } = this.options;
    return receiveNews(this.real, stateDirectory(given, environment ?? process.env), environment, settings);
  }

  async #apply(
    environment: EnvironmentComponent,
    onStep: ApplyListener = () => undefined,
    signal?: AbortSignal,
    expected?: SavedPlan['runningDigests'],
  ): Promise<ApplyReport> {
    const started = performance.now();
    const settings = applySettings(this.options);
    const store = this.#store();
    return withSessions(this.real, this.real.hosts, this.options, async (sessions) => {
      const agents = this.real.hosts.map(agentOf);
      const waiting = { wait: settings.wait, signal };
      const decisions = await awaitDecisions(store, agents, waiting, onStep);
      await this.#complete(decisions, sessions, { store, settings, waiting, onStep });
      const participants = participantsOf(environment, sessions, onStep);
      await applyEnvironment(participants, {
        environment: environment.name,
        manager: managerName(),
        settings,
        store,
        signal,
        expected,
      });
      // What could not be completed is not wanted any more.
      await store.strike(agents, decisions.at(-1));
      for (const { changed, onStep: step } of participants) step(changed ? 'done' : 'unchanged');
      return {
        environment: environment.name,
        hosts: participants.map(({ path: host, changed, rows, repaired }) => ({
          host,
          changed,
          rows,
          repaired,
        })),
        duration: (performance.now() - started) / 1000,
      };
    });
  }

  /** A plan completes nothing, but apply will. */
  async #warnOfDecisions(): Promise<void> {
    const decisions = await abandonedDecisions(this.#store(), this.real.hosts.map(agentOf), this.#warn);
    for (const { environment, manager, path } of decisions) {
      this.#warn(
        new NetmgrError({
          kind: 'NotApplied',
          message: `an interrupted apply (${manager}) had decided ${whatWasDecided(environment)}, which the next apply completes first`,
          hint: `Run \`netmgr status\` to complete it now; the decision is in ${path}.`,
        }),
      );
    }
  }

  async #completeBeforeStatus(): Promise<void> {
    const settings = applySettings(this.options);
    const store = this.#store();
    const decisions = await abandonedDecisions(store, this.real.hosts.map(agentOf), this.#warn);
    if (decisions.length === 0) return;
    // All of them: whether one that is not asked was led elsewhere would not be known.
    await withSessions(this.real, this.real.hosts, this.options, (sessions) =>
      this.#complete(decisions, sessions, {
        store,
        settings,
        waiting: { wait: false },
        onStep: () => undefined,
      }),
    );
  }

  async #complete(
    decisions: readonly StoredDecision[],
    sessions: readonly AgentSession[],
    completion: Completion,
  ): Promise<void> {
    for (const decision of decisions) {
      this.options.onDecision?.(await completeDecision(decision, sessions, completion));
    }
  }

  #virtualTo(verb: string): VirtualEnvironment {
    if (this.virtual !== undefined) return this.virtual;
    throw new NetmgrError({ kind: 'InvalidInput', message: `there is no virtual environment to ${verb}` });
  }

  readonly #warn = (warning: NetmgrError): void => this.options.onWarning?.(warning);

  #store(): DecisionStore {
    const { stateDirectory: given, environment = process.env, onWarning, onFileStep } = this.options;
    return new DecisionStore(decisionDirectory(given, environment), onWarning, onFileStep);
  }
}
