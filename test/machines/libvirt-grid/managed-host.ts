import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LibvirtMachines } from '../../../src/agent/machines/libvirt/libvirt-machines.js';
import type { Run } from '../../../src/process/run.js';
import { startAttached, type AttachedProcess } from '../../../src/process/start-attached.js';
import { until, type FixtureMachine } from '../fixture.js';
import type { LibvirtHost } from '../libvirt-host.js';
import type { HostName } from './grid-files.js';

export const MAIN = resolve(import.meta.dirname, '../../../dist/cli/main.js');
export const [AUTH, PRIV] = ['libvirt-grid-authentication', 'libvirt-grid-privacy'];

/** Milliseconds that an agent takes to start, of which most is what it tries of the kernel. */
const AGENT_TIMEOUT = 60_000;

/** A host of libvirt with netmgr's agent, which sees that libvirt as its system's. */
export class ManagedHost {
  readonly driver: LibvirtMachines;
  #agent: AttachedProcess | undefined;

  constructor(
    readonly name: HostName,
    readonly libvirt: LibvirtHost,
  ) {
    this.driver = new LibvirtMachines(libvirt.host.run, { uri: libvirt.uri });
  }

  get run(): Run {
    return this.libvirt.host.run;
  }

  /** Where the agent's log is. */
  get log(): string {
    return join(this.libvirt.host.directory, 'agent.log');
  }

  /** Starts the agent; fulfils when it answers. */
  async startAgent(): Promise<void> {
    const { directory } = this.libvirt.host;
    const secrets = join(directory, 'secrets');
    await writeFile(secrets, `manager.user=netmgr\nmanager.auth=${AUTH}\nmanager.priv=${PRIV}\n`, {
      mode: 0o600,
    });
    const agent = startAttached(
      [
        ...(await this.libvirt.enter()),
        ...[process.execPath, MAIN, 'agent', 'run', '--name', this.name, '--machines', 'libvirt'],
        ...['--listen', `udp:${this.libvirt.address}:161`, '--secrets', secrets],
        ...['--state-directory', join(directory, 'agent'), '--log-level', 'debug'],
      ] as [string, ...string[]],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#agent = agent;
    let said = '';
    agent.streams[1]?.on('data', (bytes: Buffer) => (said += bytes.toString()));
    agent.streams[2]?.pipe(createWriteStream(this.log));
    await until(`the agent of ${this.name} answers`, () => said.includes('"ready"'), AGENT_TIMEOUT);
  }

  /** The interface of a guest here; undefined if it has none. */
  async tapOf({ mac }: Pick<FixtureMachine, 'mac'>): Promise<string | undefined> {
    const machines = await this.driver.list(await this.libvirt.host.links());
    const vif = machines.flatMap(({ interfaces }) => interfaces).find((one) => one.mac === mac)?.vif;
    return vif === '' ? undefined : vif;
  }

  /** Ends the agent, libvirtd and all guests. */
  async stop(): Promise<void> {
    this.#agent?.kill('SIGTERM');
    await this.libvirt.stop();
    await this.#agent?.ended;
    await this.libvirt.host.remove();
  }
}
