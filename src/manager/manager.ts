import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { failuresOf, NetmgrError, rejectionsOf, throwIfAny } from '../errors.js';
import { Configuration } from '../mib/configuration.js';
import { linkStateTable, type LinkStateRow } from '../mib/link-state-table.js';
import { vifStateTable, type VifStateRow } from '../mib/vif-state-table.js';
import type { ApplyListener, EnvironmentComponent, HostResult } from './components/environment-component.js';
import { readSecrets } from './credentials.js';
import { emptyEnvironment, mergeEnvironments } from './merge/merge.js';
import type { Host } from './model/host.js';
import type { RealEnvironment } from './model/real-environment.js';
import type { VirtualEnvironment } from './model/virtual-environment.js';
import { planHost, type HostPlan } from './plan/plan-host.js';
import { AgentSession } from './snmp/agent-session.js';
import { readAgentStatus, type AgentStatus } from './snmp/agent-status.js';
import { readTable } from './snmp/read-table.js';
import { SnmpSession, type RequestListener, type SnmpOptions, type SnmpUser } from './snmp/snmp-session.js';
import { readRealEnvironment } from './xml/read-real-environment.js';
import { readVirtualEnvironment } from './xml/read-virtual-environment.js';

export interface ManagerOptions extends SnmpOptions {
  /** Where `env:NAME` secrets are looked up. Default: the environment of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Hears of each SNMP request. */
  readonly onRequest?: (hostName: string, ...request: Parameters<RequestListener>) => void;
}

export interface ApplyReport {
  readonly environment: string;
  readonly hosts: readonly HostResult[];
  /** Seconds. */
  readonly duration: number;
}

/** What one agent reports. */
export interface HostStatus extends AgentStatus {
  readonly name: string;
  readonly vifs: readonly VifStateRow[];
  readonly links: readonly LinkStateRow[];
}

/** A host that could not be asked, and why. */
export interface HostFailure {
  readonly name: string;
  readonly errors: readonly NetmgrError[];
}

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
  ) {}

  /**
   * Reads and merges the two files.
   *
   * @param virtualPath without it there is nothing to apply, but status and destroy work
   * @throws NetmgrError or ApplyError with all that is wrong in the files
   */
  static async load(realPath: string, virtualPath?: string, options: ManagerOptions = {}): Promise<Manager> {
    const [real, virtual] = await Promise.allSettled([
      readRealEnvironment(realPath),
      virtualPath === undefined ? undefined : readVirtualEnvironment(virtualPath),
    ]);
    throwIfAny(rejectionsOf([real, virtual]), 'the files have errors');
    if (real.status === 'rejected' || virtual.status === 'rejected') throw new Error('unreachable');
    return Manager.of(real.value.environment, virtual.value?.environment, options, virtual.value?.positionOf);
  }

  /** A manager of environments that are in memory. @throws NetmgrError or ApplyError with all conflicts */
  static of(
    real: RealEnvironment,
    virtual: VirtualEnvironment | undefined,
    options: ManagerOptions = {},
    positionOf: Parameters<typeof mergeEnvironments>[2] = () => undefined,
  ): Manager {
    const environment =
      virtual === undefined ? emptyEnvironment('', real.hosts) : mergeEnvironments(real, virtual, positionOf);
    return new Manager(real, virtual, environment, options);
  }

  /** What apply would change on each host. Nothing is written. */
  plan(): Promise<HostPlan[]> {
    return this.#withSessions(this.real.hosts, async (sessions) => {
      const observed = fulfilled(
        await Promise.allSettled(sessions.map((session) => session.readConfiguration())),
      );
      return this.environment.hosts.map((host, i) => planHost(host, observed[i] ?? new Configuration()));
    });
  }

  /**
   * Makes all hosts agree with the virtual environment, or none.
   *
   * @param signal ends it as long as no host has changed; after that it goes on to its end
   * @throws NetmgrError or ApplyError with what each host had to say
   */
  apply(onStep?: ApplyListener, signal?: AbortSignal): Promise<ApplyReport> {
    if (this.virtual === undefined) {
      throw new NetmgrError({ kind: 'InvalidInput', message: 'there is no virtual environment to apply' });
    }
    return this.#apply(this.environment, onStep, signal);
  }

  /** Removes everything that was applied, from all hosts of the real environment. */
  destroy(onStep?: ApplyListener, signal?: AbortSignal): Promise<ApplyReport> {
    return this.#apply(emptyEnvironment('', this.real.hosts), onStep, signal);
  }

  /** What every agent reports; a host that cannot be asked does not hide the others. */
  async status(): Promise<(HostStatus | HostFailure)[]> {
    return Promise.all(
      this.real.hosts.map(async ({ name }, i) => {
        try {
          return await this.#withSessions(this.real.hosts.slice(i, i + 1), ([session]) =>
            readHostStatus(name, session),
          );
        } catch (error) {
          return { name, errors: failuresOf(error) };
        }
      }),
    );
  }

  async #apply(
    environment: EnvironmentComponent,
    onStep?: ApplyListener,
    signal?: AbortSignal,
  ): Promise<ApplyReport> {
    const started = performance.now();
    const hosts = await this.#withSessions(this.real.hosts, (sessions) =>
      environment.apply(sessions, onStep, signal),
    );
    return { environment: environment.name, hosts, duration: (performance.now() - started) / 1000 };
  }

  async #withSessions<T>(hosts: readonly Host[], work: (sessions: AgentSession[]) => Promise<T>): Promise<T> {
    const users = await this.#users(hosts);
    // AgentX hides the SNMP user, so each run proves itself with a name of its own.
    const owner =
      `${userInfo().username}@${hostname()} ${String(process.pid)} ${randomBytes(6).toString('hex')}`.slice(
        -64,
      );
    const sessions = hosts.map((host) => {
      const agent = { host: host.name, address: host.address.toString(), port: host.agent.port };
      const user = users.get(host.agent.credentials);
      if (user === undefined) {
        throw new NetmgrError({
          kind: 'InvalidInput',
          message: `no credentials "${host.agent.credentials}"`,
          subject: host.name,
        });
      }
      const { onRequest } = this.options;
      const listener: RequestListener = (...request) => onRequest?.(host.name, ...request);
      return new AgentSession(host.name, new SnmpSession(agent, user, this.options, listener), owner);
    });
    try {
      return await work(sessions);
    } finally {
      for (const session of sessions) session.close();
    }
  }

  async #users(hosts: readonly Host[]): Promise<Map<string, SnmpUser>> {
    const names = new Set(hosts.map(({ agent }) => agent.credentials));
    const needed = this.real.credentials.filter(({ name }) => names.has(name));
    const users = await Promise.allSettled(
      needed.map((credentials) => readSecrets(credentials, this.options.environment)),
    );
    return new Map(fulfilled(users).map((user, i) => [needed[i]?.name ?? '', user]));
  }
}

async function readHostStatus(name: string, session: AgentSession | undefined): Promise<HostStatus> {
  if (session === undefined) throw new NetmgrError({ kind: 'Bug', message: `no session for ${name}` });
  const status = await readAgentStatus(session.snmp);
  const vifs = await readTable(session.snmp, vifStateTable);
  const links = await readTable(session.snmp, linkStateTable);
  return { name, ...status, vifs, links };
}

/** The values of all, or all failures together. */
function fulfilled<T>(results: readonly PromiseSettledResult<T>[]): T[] {
  throwIfAny(rejectionsOf(results), 'some hosts failed');
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
