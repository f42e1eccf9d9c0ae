import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run, type CommandOutput } from '../../../src/process/run.js';
import { PROGRAM } from './bundle.js';
import { createDomain, type Domain } from './domains.js';
import { askInDomain, type InDomain } from './in-domains.js';
import { SERVER_PORT, XenHost } from './xen-host.js';

const REPOSITORY = resolve(import.meta.dirname, '../../..');
const MAIN = join(REPOSITORY, PROGRAM.netmgr);
/** A program of dom0. */
const inDom0 = (name: keyof typeof PROGRAM): string => join('/netmgr', PROGRAM[name]);

/** In dom0. */
const [STATE, SECRETS] = ['/run/netmgr', '/run/netmgr.secrets'];
const [AUTH, PRIV] = ['xen-lab-authentication', 'xen-lab-privacy'];
/** Milliseconds, in emulation on a machine that is busy. */
const [START_TIMEOUT, MANAGER_TIMEOUT, CONTRACT_TIMEOUT] = [300_000, 300_000, 600_000];
/** Milliseconds after which the manager repeats what it asks. */
const SNMP_TIMEOUT = '60000';

/** It takes minutes: what is reached is told with the time since the start. */
export const say = (what: string): void => {
  process.stdout.write(`    ${(performance.now() / 1000).toFixed(0)} s: ${what}\n`);
};

/** A Xen host with a bridge, domains, and netmgr's agent in dom0; the manager runs here. */
export class XenLab {
  private constructor(
    readonly host: XenHost,
    private readonly directory: string,
  ) {}

  static async start(domains: readonly Domain[]): Promise<XenLab> {
    const host = await XenHost.start();
    const lab = new XenLab(host, await mkdtemp(join(tmpdir(), 'netmgr-xen-lab-')));
    try {
      for (const bridge of new Set(domains.map((domain) => domain.bridge))) {
        await host.run(['ip', 'link', 'add', bridge, 'type', 'bridge']);
        await host.run(['ip', 'link', 'set', bridge, 'up']);
      }
      say('dom0 is up');
      for (const domain of domains) {
        await createDomain(host.run, domain);
        say(`${domain.name} was created`);
      }
      await lab.#startInBackground('in-domains', ['node', inDom0('inDomains'), String(SERVER_PORT)]);
      await lab.#startAgent();
      return lab;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  async #startAgent(): Promise<void> {
    const secrets = `manager.user=netmgr\nmanager.auth=${AUTH}\nmanager.priv=${PRIV}\n`;
    await this.host.run(['tee', SECRETS], { input: secrets });
    await this.host.run(['chmod', '600', SECRETS]);
    await this.#startInBackground('agent', [
      ...['node', inDom0('netmgr'), 'agent', 'run', '--name', 'host1', '--machines', 'xen'],
      ...['--state-directory', STATE, '--listen', 'udp:0.0.0.0:161', '--secrets', SECRETS],
    ]);
  }

  /** Fulfils when netmgr's agent and what runs commands in domains are ready. @throws NetmgrError `CommandFailed` if they never are */
  async isReady(): Promise<void> {
    for (const name of ['in-domains', 'agent'])
      await this.host.run(['sh', '-c', `until grep -q ready /run/${name}.out; do sleep 1; done`], {
        timeout: START_TIMEOUT,
      });
    say('the agent is ready');
  }

  async endAgent(): Promise<void> {
    await this.host.run([
      'sh',
      '-c',
      'kill $(cat /run/agent.pid); while [ -e /proc/$(cat /run/agent.pid) ]; do sleep 1; done',
    ]);
  }

  /** The last of what the agent and the kernel of dom0 said. */
  async words(): Promise<string> {
    const { stdout } = await this.host.run(['sh', '-c', 'tail -n 40 /run/*.log; dmesg | tail -n 20']);
    return stdout;
  }

  /** Holds the driver against the contract of drivers, in dom0. @throws NetmgrError `CommandFailed` with what it does not keep */
  async keepsTheContract(bridge: string, domains: readonly [Domain, Domain]): Promise<void> {
    const argv = [
      '--test-reporter=spec',
      inDom0('contract'),
      bridge,
      ...domains.map((one) => JSON.stringify(one)),
    ];
    const { stdout, stderr, exitCode } = await this.host.run(['node', ...argv], {
      timeout: CONTRACT_TIMEOUT,
      accept: [0, 1],
    });
    say(stdout);
    if (exitCode !== 0) throw new Error(`the driver does not keep the contract: ${stderr}`);
  }

  /** Runs a command inside a domain, through the driver. @throws Error if dom0 does not answer */
  inDomain(name: string, ...argv: readonly string[]): Promise<InDomain> {
    return askInDomain(this.host.serverPort, name, argv);
  }

  /** In dom0, which has what it says in `/run/NAME.out` and `/run/NAME.log`. */
  async #startInBackground(name: string, argv: readonly string[]): Promise<void> {
    const script = `echo $$ >/run/${name}.pid; exec "$@" >/run/${name}.out 2>/run/${name}.log`;
    await this.host.run(['setsid', '-f', 'sh', '-c', script, 'sh', ...argv]);
  }

  /** A file of this machine for the manager. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.directory, name);
    await writeFile(path, text);
    return path;
  }

  /** Runs netmgr's manager here. */
  manage(...argv: readonly string[]): Promise<CommandOutput> {
    const env = {
      NETMGR_XEN_AUTH: AUTH,
      NETMGR_XEN_PRIV: PRIV,
      NETMGR_STATE_DIRECTORY: join(this.directory, 'state'),
    };
    return run([process.execPath, MAIN, ...argv, '--timeout', SNMP_TIMEOUT], {
      env,
      timeout: MANAGER_TIMEOUT,
      accept: [0, 1, 2],
    });
  }

  async stop(): Promise<void> {
    await this.host.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
