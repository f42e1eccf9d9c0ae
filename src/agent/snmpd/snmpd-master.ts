import { NetmgrError } from '../../errors.js';
import { run } from '../../process/run.js';
import { endLeftovers } from '../processes/end-leftovers.js';
import type { InformReceiver } from './inform-receivers.js';
import { snmpdConfig } from './snmpd-config.js';
import { SnmpdProcess, type SnmpdLog } from './snmpd-process.js';
import { addUsers, usersOfEngines, type SnmpUser } from './snmpd-users.js';
import { StateDirectory } from './state-directory.js';

export interface SnmpdOptions {
  /** An absolute path, for this snmpd alone. */
  readonly stateDirectory: string;
  /** `udp:127.0.0.1:16161` or `udp6:[::1]:16161`. */
  readonly address: string;
  /** May write the configuration. */
  readonly manager: SnmpUser;
  /** May read. */
  readonly reader?: SnmpUser | undefined;
  /** Gives users that exist already the secrets that were given. Default: they keep theirs. */
  readonly replaceSecrets?: boolean;
  /** Where traps go, such as `udp:10.0.0.5:162`; they are the reader's. */
  readonly notify?: readonly string[] | undefined;
  /** Where informs go, the reader's too. */
  readonly inform?: readonly InformReceiver[] | undefined;
  readonly sysName?: string | undefined;
  readonly sysLocation?: string | undefined;
  readonly sysContact?: string | undefined;
  readonly log: SnmpdLog;
  /** snmpd ended though nobody asked it to, or could not be started again; the next attempt follows. */
  readonly onExit?: (reason: NetmgrError) => void;
}

const FIRST_DELAY = 100;
const LAST_DELAY = 5_000;
/** Milliseconds after which an end is taken for a new trouble, not the old one. */
const STEADY = 10_000;
/** Debian's user of snmpd. */
const UNPRIVILEGED_USER = 'Debian-snmp';

/** A private snmpd, kept running until {@link stop}. */
export class SnmpdMaster {
  #process: SnmpdProcess | undefined;
  #starting: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #delay = FIRST_DELAY;
  #isStopped = false;

  /** Use {@link startSnmpd}. */
  constructor(
    private readonly state: StateDirectory,
    private readonly options: SnmpdOptions,
    private readonly user: string | undefined,
    /** Hexadecimal digits. */
    readonly engineId: string,
  ) {}

  /** The path of the socket for subagents. */
  get agentxSocket(): string {
    return this.state.agentxSocket;
  }

  /** Of the snmpd that runs now; undefined between an end and the next start. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Use {@link startSnmpd}. */
  async start(): Promise<void> {
    const startedAt = Date.now();
    const started = await SnmpdProcess.start(this.state, this.user, this.options.log);
    this.#process = started;
    void started.ended.then((reason) => {
      this.#process = undefined;
      if (Date.now() - startedAt > STEADY) this.#delay = FIRST_DELAY;
      this.#ended(reason);
    });
  }

  /** Ends snmpd and removes what only a running one needs; users and engine ID stay. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#starting;
    await this.#process?.stop();
    await this.state.removeTraces();
  }

  #ended(reason: NetmgrError): void {
    if (this.#isStopped) return;
    this.options.log.warn(reason.message);
    this.#timer = setTimeout(() => {
      this.#starting = this.start().catch((error: unknown) => {
        this.#ended(
          error instanceof NetmgrError
            ? error
            : new NetmgrError({ kind: 'Bug', message: 'snmpd could not be started again', cause: error }),
        );
      });
    }, this.#delay);
    this.#delay = Math.min(2 * this.#delay, LAST_DELAY);
    this.options.onExit?.(reason);
  }
}

/**
 * Starts a private snmpd (net-snmp) as AgentX master. One that an earlier owner of the same state directory
 * left running is ended first.
 *
 * @throws NetmgrError `InvalidInput` for what cannot be configured, `CommandFailed` in snmpd's own words.
 */
export async function startSnmpd(options: SnmpdOptions): Promise<SnmpdMaster> {
  const { manager, reader } = options;
  const state = new StateDirectory(options.stateDirectory);
  const configWith = (engineId: string): string =>
    snmpdConfig({
      ...options,
      agentxSocket: state.agentxSocket,
      engineId,
      manager: manager.user,
      reader: reader?.user,
    });
  // Refuses what is wrong before anything is touched.
  configWith('');
  await state.create();
  for (const { pid } of await endLeftovers(state.path)) {
    options.log.warn(`ended the snmpd that was left running (process ${String(pid)})`);
  }
  await state.removeTraces();
  const engineId = await state.engineId();
  await state.writeConfig(configWith(engineId));
  const persistent = await state.readPersistent();
  const users = usersOfEngines(options, engineId, options.inform);
  const withUsers = addUsers(persistent, users, options.replaceSecrets ?? false);
  if (withUsers !== persistent) await state.writePersistent(withUsers);
  const master = new SnmpdMaster(state, options, await unprivilegedUser(), engineId);
  try {
    await master.start();
  } catch (error) {
    await state.removeTraces();
    throw error;
  }
  return master;
}

/** The user for snmpd, where it exists and we may change to it. */
async function unprivilegedUser(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const { exitCode } = await run(['getent', 'passwd', UNPRIVILEGED_USER], { accept: [0, 2] });
  return exitCode === 0 ? UNPRIVILEGED_USER : undefined;
}
