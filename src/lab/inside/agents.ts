import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { MALLOC_SETTINGS } from '../../process/malloc-settings.js';
import { NetmgrError, rejectionsOf, throwIfAny } from '../../errors.js';
import type { LabJob } from '../control/message.js';
import type { LabHost } from '../layout.js';
import { AgentSupervisor } from './agent-supervisor.js';
import { AGENTS_DIRECTORY, writeLabFile } from './directory.js';
import { mountDisk } from './mount-disk.js';
import { credentialsOf, READER } from './snmp-settings.js';

const TIMEOUT_SECONDS = 60;
/** How much longer it takes for each agent, where many start at once on few processors. */
const SECONDS_PER_AGENT = 4;
const TAIL_LINES = 20;

interface Agent {
  readonly host: LabHost;
  readonly supervisor: AgentSupervisor;
  readonly log: string;
}

/** The agents of a lab, one per host, each in its host's namespace and under a supervisor. */
export class Agents {
  private constructor(private readonly agents: readonly Agent[]) {}

  /** Starts all at once and fulfils when each answers SNMP. @throws NetmgrError `CommandFailed` with the log's end. */
  static async start(job: LabJob, agent: readonly [string, ...string[]]): Promise<Agents> {
    await mkdir(AGENTS_DIRECTORY, { recursive: true, mode: 0o700 });
    if (job.disk !== undefined) await mountDisk(job.disk, AGENTS_DIRECTORY);
    const started: Agent[] = [];
    for (const host of job.ownHosts) started.push(await startAgent(job, agent, host));
    const seconds = TIMEOUT_SECONDS + SECONDS_PER_AGENT * started.length;
    const results = await Promise.allSettled(started.map((agent) => waitUntilReady(agent, seconds)));
    throwIfAny(rejectionsOf(results), 'agents could not be started');
    return new Agents(started);
  }

  /** Starts none again from now on, and answers with a sentence per agent that has ended meanwhile. */
  close(): readonly string[] {
    for (const { supervisor } of this.agents) supervisor.close();
    return this.agents.flatMap(sentencesOn);
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
  const state = `${AGENTS_DIRECTORY}/${host.name}`;
  await mkdir(state, { recursive: true, mode: 0o700 });
  const log = `${state}.log`;
  // A host that was switched off leaves it behind.
  await rm(`${state}.pid`, { force: true });
  const supervisor = new AgentSupervisor({
    argv: [
      ...(['ip', 'netns', 'exec', host.name] as const),
      ...agent,
      ...['--name', host.name, '--state-directory', state, '--listen', listenAddress(host)],
      ...['--machines', 'namespace', '--secrets', secretsFile],
    ],
    env: { ...job.env, ...MALLOC_SETTINGS },
    log,
    pidFile: `${state}.pid`,
  });
  return { host, supervisor, log };
}

function listenAddress({ address, port }: LabHost): string {
  return address.includes(':') ? `udp6:[${address}]:${String(port)}` : `udp:${address}:${String(port)}`;
}

async function waitUntilReady({ host, supervisor, log }: Agent, seconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const answer = await Promise.race([
    supervisor.firstStart.then((first) => (first === 'ready' ? first : (first.notStarted ?? 'it ended'))),
    new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`it did not answer within ${String(seconds)} s`), seconds * 1000);
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

function sentencesOn({ host, supervisor: { restarts, running, lastEnd }, log }: Agent): string[] {
  if (lastEnd === undefined) return [];
  const again = `was started again ${restarts === 1 ? 'once' : `${String(restarts)} times`}`;
  if (running) return [`the agent of ${host.name} ${again}, the last time after ${lastEnd}`];
  return [`the agent of ${host.name} ${again} and has ended (${lastEnd})${tailOf(log).replace(/^ /, ', ')}`];
}

/** The end of an agent's log, as the end of a sentence. */
function tailOf(log: string): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES);
  return lines.join('') === '' ? '' : ` the end of its log:\n${lines.join('\n')}`;
}
