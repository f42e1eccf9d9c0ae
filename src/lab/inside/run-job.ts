import { mkdir } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NetmgrError } from '../../errors.js';
import { run } from '../../process/run.js';
import type { LabJob } from '../control/message.js';
import { KERNEL_MODULES } from '../kernel/modules.js';
import { sizeOf } from '../layout-size.js';
import { Agents } from './agents.js';
import { buildLayout } from './build.js';
import { LAB_DIRECTORY, writeLabFile } from './directory.js';
import { writeSnmpSettings } from './snmp-settings.js';
import { step, type Tell } from './step.js';

const HOST_COMMAND = fileURLToPath(new URL('host-command.js', import.meta.url));

// Administrators' tools are where an ordinary user's PATH does not lead.
const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The variables of what runs in the lab. */
export type Environment = Readonly<Record<string, string>>;

/** Builds the job's part of the lab, and answers with the environment of what runs in it. */
export async function buildLab(job: LabJob, tell: Tell): Promise<Environment> {
  await mkdir(LAB_DIRECTORY, { recursive: true, mode: 0o700 });
  process.env['PATH'] = [process.env['PATH'] ?? '', ...SYSTEM_PATH].join(delimiter);
  await step(tell, 'build', sizeOf(job.ownHosts, [job.layout]), async () => {
    // Those that a kernel does not have are missed where they are used.
    if (job.kernel === 'uml') await run(['modprobe', '-a', '-q', ...KERNEL_MODULES], { accept: [0, 1] });
    await writeHostsFile(job);
    await buildLayout(job.layout);
  });
  return { ...job.env, ...(await variablesOf(job)) };
}

/** Starts the agents of the job's own hosts, where the lab has agents. */
export async function startAgents(job: LabJob, env: Environment, tell: Tell): Promise<Agents | undefined> {
  const { agent, ownHosts } = job;
  if (agent === undefined || ownHosts.length === 0) return undefined;
  return step(tell, 'agents', `${String(ownHosts.length)} answer`, () =>
    Agents.start({ ...job, env }, agent),
  );
}

/** Applies the virtual file, if there is one. */
export async function applyVirtual(job: LabJob, env: Environment, tell: Tell): Promise<void> {
  const { virtual } = job;
  if (virtual === undefined) return;
  await step(tell, 'apply', virtual, async () => {
    await run([...job.netmgr, 'apply', job.real, virtual], { env, timeout: 600_000 }).catch(asApplyFailure);
  });
}

function asApplyFailure(error: unknown): never {
  if (!(error instanceof NetmgrError)) throw error;
  throw new NetmgrError({
    kind: 'NotApplied',
    message: `the virtual environment could not be applied:\n${error.message}`,
    hint: 'Run the lab without the virtual file and apply it by hand in there to look closer.',
    cause: error.cause,
  });
}

async function variablesOf(job: LabJob): Promise<Record<string, string>> {
  const [node, ...rest] = job.netmgr;
  // PATH wants a file named netmgr; how netmgr was started here is nothing that a link could say.
  await writeScript('netmgr', [node, ...rest]);
  if (job.part === 'switches') await writeScript('netmgr-host', [node, HOST_COMMAND]);
  const path = [`${LAB_DIRECTORY}/bin`, job.env['PATH'] ?? '', ...SYSTEM_PATH].join(delimiter);
  return {
    PATH: path,
    NETMGR_LAB_KERNEL: job.kernel,
    NETMGR_LAB_DIRECTORY: LAB_DIRECTORY,
    NETMGR_STATE_DIRECTORY: `${LAB_DIRECTORY}/manager`,
    NETMGR_LAB_ADDRESS: job.layout.labAddresses.join(' '),
    NETMGR_LAB_REAL: job.real,
    ...(job.virtual === undefined ? {} : { NETMGR_LAB_VIRTUAL: job.virtual }),
    ...Object.fromEntries(
      job.credentials.flatMap(({ variable, secrets }) => [
        [`${variable}_AUTH`, secrets.auth],
        [`${variable}_PRIV`, secrets.priv],
      ]),
    ),
    ...(await writeSnmpSettings(job)),
  };
}

async function writeScript(name: string, words: readonly string[]): Promise<void> {
  await writeLabFile(`bin/${name}`, `#!/bin/sh\nexec ${words.map(quoted).join(' ')} "$@"\n`, 0o755);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The hosts' names lead to their agents. The mount is the lab's own, so the machine's file stays as it is. */
async function writeHostsFile(job: LabJob): Promise<void> {
  const lines = [
    '127.0.0.1 localhost',
    '::1 localhost',
    ...job.layout.labAddresses.map((address) => `${address} lab`),
  ];
  lines.push(...job.layout.hosts.map(({ name, address }) => `${address} ${name}`), '');
  const file = await writeLabFile('hosts', lines.join('\n'), 0o644);
  await run(['mount', '--bind', file, '/etc/hosts']);
}
