import { mkdir } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { NetmgrError } from '../../errors.js';
import { run } from '../../process/run.js';
import type { LabJob, LabStep, Report } from '../control/message.js';
import { KERNEL_MODULES } from '../kernel/modules.js';
import { Agents } from './agents.js';
import { buildLayout } from './build.js';
import { LAB_DIRECTORY, writeLabFile } from './directory.js';
import { writeSnmpSettings } from './snmp-settings.js';

// Administrators' tools are where an ordinary user's PATH does not lead.
const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** A lab that stands, with all that its command needs. */
export interface ReadyLab {
  readonly env: Readonly<Record<string, string>>;
  readonly agents: Agents | undefined;
}

/** Builds the hosts and machines of a job, starts the agents and applies the virtual file. */
export async function prepareLab(job: LabJob, report: (report: Report) => void): Promise<ReadyLab> {
  const step = async <T>(name: LabStep, detail: string, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    report({ type: 'step', step: name, state: 'begun' });
    const result = await work();
    const milliseconds = Math.round(performance.now() - begun);
    report({ type: 'step', step: name, state: 'done', milliseconds, detail });
    return result;
  };
  const { hosts, namespaces } = job.layout;
  const machines = namespaces.length - hosts.length;
  await mkdir(LAB_DIRECTORY, { recursive: true, mode: 0o700 });
  process.env['PATH'] = [process.env['PATH'] ?? '', ...SYSTEM_PATH].join(delimiter);
  await step('build', `${String(hosts.length)} hosts, ${String(machines)} machines`, async () => {
    // Those that a kernel does not have are missed where they are used.
    if (job.kernel === 'uml') await run(['modprobe', '-a', '-q', ...KERNEL_MODULES], { accept: [0, 1] });
    await writeHostsFile(job);
    await buildLayout(job.layout);
  });
  const env = { ...job.env, ...(await variablesOf(job)) };
  const { agent, virtual } = job;
  if (agent === undefined) return { env, agents: undefined };
  const agents = await step('agents', `${String(hosts.length)} answer`, () =>
    Agents.start({ ...job, env }, agent),
  );
  if (virtual !== undefined) {
    await step('apply', virtual, async () => {
      await run([...job.netmgr, 'apply', job.real, virtual], { env, timeout: 600_000 }).catch(asApplyFailure);
    });
  }
  return { env, agents };
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
  const text = `#!/bin/sh\nexec ${[node, ...rest].map(quoted).join(' ')} "$@"\n`;
  await writeLabFile('bin/netmgr', text, 0o755);
  const path = [`${LAB_DIRECTORY}/bin`, job.env['PATH'] ?? '', ...SYSTEM_PATH].join(delimiter);
  return {
    PATH: path,
    NETMGR_LAB_KERNEL: job.kernel,
    NETMGR_LAB_DIRECTORY: LAB_DIRECTORY,
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
