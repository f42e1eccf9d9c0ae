import { createInterface } from 'node:readline';
import { NetmgrError } from '../../errors.js';
import { observeProcess } from '../../process/process-identity.js';
import { start, type RunningProcess } from '../../process/run.js';
import { processMark } from '../processes/marked-run.js';
import type { StateDirectory } from './state-directory.js';

export interface SnmpdLog {
  /** What snmpd says when all is well. */
  debug(message: string): void;
  warn(message: string): void;
}

/** The line snmpd writes when its sockets are open and its privileges dropped. */
const READY = 'NET-SNMP version ';
const TROUBLE = /error|warning|fail|cannot|couldn't|unable|denied|unknown|bad |invalid/i;
const LAST_WORDS = 8;
/** Milliseconds: it reads its MIBs first, and a host may be slow, or emulated. */
const START_TIMEOUT = 60_000;

/** A running snmpd. */
export class SnmpdProcess {
  private constructor(
    private readonly child: RunningProcess,
    readonly pid: number,
    /** Fulfils with why it ended, when it has. */
    readonly ended: Promise<NetmgrError>,
  ) {}

  /**
   * Starts snmpd on the files of a state directory and waits until it answers.
   *
   * @param user The unprivileged user it becomes; undefined leaves it as it is.
   * @throws NetmgrError `CommandFailed` in snmpd's own words.
   */
  static async start(state: StateDirectory, user: string | undefined, log: SnmpdLog): Promise<SnmpdProcess> {
    const child = start(snmpdCommand(state, user), { stderr: 'pipe', env: snmpdEnvironment(state) });
    const words: string[] = [];
    const isReady = new Promise<true>((resolve) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        words.push(line);
        if (words.length > LAST_WORDS) words.shift();
        if (TROUBLE.test(line)) log.warn(`snmpd: ${line}`);
        else log.debug(`snmpd: ${line}`);
        if (line.startsWith(READY)) resolve(true);
      });
    });
    const ended = child.then((result) => endedError(result.exitCode, result.signal, words));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<NetmgrError>((resolve) => {
      timer = setTimeout(() => {
        resolve(
          new NetmgrError({
            kind: 'CommandFailed',
            message: `snmpd did not start within ${String(START_TIMEOUT / 1000)} s`,
          }),
        );
      }, START_TIMEOUT);
    });
    const identity = child.pid === undefined ? undefined : await observeProcess(child.pid);
    if (identity !== undefined) await state.writePid(identity);
    const outcome = await Promise.race([isReady, ended, late]);
    clearTimeout(timer);
    if (outcome !== true || child.pid === undefined) {
      child.kill('SIGKILL');
      await ended;
      throw outcome === true ? await ended : outcome;
    }
    return new SnmpdProcess(child, child.pid, ended);
  }

  /** SIGTERM, and SIGKILL if it is still there after five seconds. Fulfils when it has ended. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.ended;
  }
}

/**
 * `env` sets the working directory and becomes snmpd: the directories above the persistent one may be closed
 * to the user that snmpd becomes, and its own working directory is reached without passing them.
 */
function snmpdCommand(state: StateDirectory, user: string | undefined): [string, ...string[]] {
  return [
    'env',
    `--chdir=${state.persistent}`,
    'snmpd',
    '-f',
    '-Le',
    // No configuration but these two files.
    '-C',
    '-c',
    `${state.config},${PERSISTENT_DIRECTORY}/snmpd.conf`,
    // smux would listen on a port of its own, the others want a user of their own.
    '-I',
    '-smux,mteTrigger,mteTriggerConf',
    ...(user === undefined ? [] : ['-u', user, '-g', user]),
  ];
}

/** snmpd makes a relative path an absolute one wrongly; this names the working directory absolutely. */
const PERSISTENT_DIRECTORY = '/proc/self/cwd';

function snmpdEnvironment(state: StateDirectory): Record<string, string> {
  return {
    ...processMark(state.path),
    LC_ALL: 'C',
    PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
    SNMP_PERSISTENT_DIR: PERSISTENT_DIRECTORY,
    SNMPCONFPATH: PERSISTENT_DIRECTORY,
    // The agent needs no MIB text.
    MIBS: '',
  };
}

/** What `env` ends with if it finds no snmpd. */
const NOT_FOUND = 127;

function endedError(
  exitCode: number | undefined,
  signal: string | undefined,
  words: readonly string[],
): NetmgrError {
  if (exitCode === NOT_FOUND) {
    return new NetmgrError({
      kind: 'CommandFailed',
      message: 'snmpd is not installed',
      hint: 'Install the package snmpd.',
    });
  }
  const trouble = words.filter((line) => TROUBLE.test(line));
  const said = (trouble.length > 0 ? trouble : words).join('; ');
  const how = signal ?? `exit code ${String(exitCode)}`;
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `snmpd ended (${how})${said === '' ? '' : `: ${said}`}`,
    hint: said.includes('opening specified endpoint')
      ? 'Another program uses this address: choose another port, or end that program.'
      : undefined,
  });
}
