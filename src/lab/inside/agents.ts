import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { NetmgrError, rejectionsOf, throwIfAny } from '../../errors.js';
import { startAttached, type AttachedProcess } from '../../process/start-attached.js';
import type { LabJob } from '../control/message.js';
import type { LabHost } from '../layout.js';
import { LAB_DIRECTORY, writeLabFile } from './directory.js';
import { credentialsOf, READER } from './snmp-settings.js';

const READY = '{"event":"ready"';
const TIMEOUT_SECONDS = 60;
const TAIL_LINES = 20;

interface Agent {
  readonly host: LabHost;
  readonly process: AttachedProcess;
  readonly log: string;
}

/** The agents of a lab, one per host, each in its host's namespace. */
export class Agents {
  private readonly dead = new Map<string, string>();

  private constructor(private readonly agents: readonly Agent[]) {
    for (const { host, process, log } of agents) {
      void process.ended.then(({ exitCode, signal, notStarted }) => {
        const how = notStarted ?? signal ?? `exit code ${String(exitCode)}`;
        this.dead.set(
          host.name,
          `the agent of ${host.name} ended before the lab (${how})${tailOf(log).replace(/^ /, ', ')}`,
        );
      });
    }
  }

  /** Starts all at once and fulfils when each answers SNMP. @throws NetmgrError `CommandFailed` with the log's end. */
  static async start(job: LabJob, agent: readonly [string, ...string[]]): Promise<Agents> {
    await mkdir(`${LAB_DIRECTORY}/agents`, { recursive: true, mode: 0o700 });
    const started: Agent[] = [];
    for (const host of job.layout.hosts) started.push(await startAgent(job, agent, host));
    const agents = new Agents(started);
    const results = await Promise.allSettled(started.map(waitUntilReady));
    throwIfAny(rejectionsOf(results), 'agents could not be started');
    return agents;
  }

  /** A sentence per agent that has ended. */
  get ended(): readonly string[] {
    return [...this.dead.values()];
  }

  stop(): void {
    for (const { process } of this.agents) process.kill('SIGTERM');
  }
}

async function startAgent(job: LabJob, agent: readonly [string, ...string[]], host: LabHost): Promise<Agent> {
  const { user, secrets } = credentialsOf(job, host);
  const secretsFile = await writeLabFile(
    `agents/${host.name}.secrets`,
    [
      `manager.user=${user}`,
      `manager.auth=${secrets.auth}`,
      `manager.priv=${secrets.priv}`,
      `reader.user=${READER}`,
      `reader.auth=${secrets.readerAuth}`,
      `reader.priv=${secrets.readerPriv}`,
      '',
    ].join('\n'),
  );
  const state = `${LAB_DIRECTORY}/agents/${host.name}`;
  await mkdir(state, { recursive: true, mode: 0o700 });
  const log = `${state}.log`;
  const descriptor = openSync(log, 'a', 0o600);
  try {
    const child = startAttached(
      [
        ...(['ip', 'netns', 'exec', host.name] as const),
        ...agent,
        ...['--name', host.name, '--state-directory', state, '--listen', listenAddress(host)],
        ...['--machines', 'namespace', '--secrets', secretsFile],
      ],
      { stdio: ['ignore', 'pipe', descriptor], env: job.env, cwd: '/', detached: true },
    );
    return { host, process: child, log };
  } finally {
    closeSync(descriptor);
  }
}

function listenAddress({ address, port }: LabHost): string {
  return address.includes(':') ? `udp6:[${address}]:${String(port)}` : `udp:${address}:${String(port)}`;
}

async function waitUntilReady({ host, process, log }: Agent): Promise<void> {
  const [, stdout] = process.streams;
  let timer: NodeJS.Timeout | undefined;
  const answer = await Promise.race([
    new Promise<'ready'>((resolve) => {
      if (stdout === undefined || stdout === null) return;
      createInterface({ input: stdout }).on('line', (line) => {
        if (line.startsWith(READY)) resolve('ready');
      });
    }),
    process.ended.then((end) => end.notStarted ?? 'it ended'),
    new Promise<string>((resolve) => {
      timer = setTimeout(
        () => resolve(`it did not answer within ${String(TIMEOUT_SECONDS)} s`),
        TIMEOUT_SECONDS * 1000,
      );
    }),
  ]);
  clearTimeout(timer);
  if (answer === 'ready') return;
  const tail = tailOf(log);
  throw new NetmgrError({
    kind: 'CommandFailed',
    message: `the agent could not be started: ${answer}`,
    subject: host.name,
    hint: tail === '' ? undefined : `See${tail}`,
  });
}

/** The end of an agent's log, as the end of a sentence. */
function tailOf(log: string): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES);
  return lines.join('') === '' ? '' : ` the end of its log:\n${lines.join('\n')}`;
}
