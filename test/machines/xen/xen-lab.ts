import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run, type CommandOutput } from '../../../src/process/run.js';
import { guestKit } from '../guest/guest-kit.js';
import { createDomain, prepareKit, type Domain } from './domains.js';
import { askInDomain, type InDomain } from './in-domains.js';
import { SERVER_PORT, XenHost } from './xen-host.js';

const REPOSITORY = resolve(import.meta.dirname, '../../..');
const DIST = join(REPOSITORY, 'dist');
const MAIN = join(DIST, 'cli/main.js');
const IN_DOMAINS = join(import.meta.dirname, 'in-domains.mjs');

/** In dom0. */
const [STATE, SECRETS] = ['/run/netmgr', '/run/netmgr.secrets'];
const [AUTH, PRIV] = ['xen-lab-authentication', 'xen-lab-privacy'];
/** Milliseconds, in emulation on a machine that is busy. */
const [START_TIMEOUT, MANAGER_TIMEOUT] = [900_000, 900_000];

/** It takes minutes: what is reached is told with the time since the start. */
const say = (what: string): void => {
  process.stdout.write(
    `    ${performance
      .now()
      .toFixed(0)
      .replace(/\d{3}$/, '')} s: ${what}\n`,
  );
};

/** A Xen host with a bridge, domains, and netmgr's agent in dom0; the manager runs here. */
export class XenLab {
  private constructor(
    readonly host: XenHost,
    private readonly directory: string,
  ) {}

  static async start(domains: readonly Domain[]): Promise<XenLab> {
    const kit = await guestKit();
    const host = await XenHost.start();
    const lab = new XenLab(host, await mkdtemp(join(tmpdir(), 'netmgr-xen-lab-')));
    try {
      await prepareKit(host.run, kit);
      for (const bridge of new Set(domains.map((domain) => domain.bridge))) {
        await host.run(['ip', 'link', 'add', bridge, 'type', 'bridge']);
        await host.run(['ip', 'link', 'set', bridge, 'up']);
      }
      say('dom0 is up');
      for (const domain of domains) {
        await createDomain(host.run, domain);
        say(`${domain.name} was created`);
      }
      await lab.#startInBackground('in-domains', ['node', IN_DOMAINS, DIST, String(SERVER_PORT)]);
      return lab;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  /** Starts netmgr's agent. */
  async startAgent(): Promise<void> {
    const secrets = `manager.user=netmgr\nmanager.auth=${AUTH}\nmanager.priv=${PRIV}\n`;
    await this.host.run(['tee', SECRETS], { input: secrets });
    await this.host.run(['chmod', '600', SECRETS]);
    await this.#startInBackground('agent', [
      ...['node', MAIN, 'agent', 'run', '--name', 'host1', '--machines', 'xen'],
      ...['--state-directory', STATE, '--listen', 'udp:0.0.0.0:161', '--secrets', SECRETS],
    ]);
    await this.host.run(['sh', '-c', 'until grep -q ready /run/agent.out; do sleep 1; done'], {
      timeout: START_TIMEOUT,
    });
    say('the agent is ready');
  }

  /** Runs a command inside a domain, through the driver. @throws Error if dom0 does not answer */
  inDomain(name: string, ...argv: readonly string[]): Promise<InDomain> {
    return askInDomain(this.host.serverPort, name, argv);
  }

  /** In dom0, which has what it says in `/run/NAME.out` and `/run/NAME.log`. */
  async #startInBackground(name: string, argv: readonly string[]): Promise<void> {
    const script = `exec "$@" >/run/${name}.out 2>/run/${name}.log`;
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
    return run([process.execPath, MAIN, ...argv], { env, timeout: MANAGER_TIMEOUT, accept: [0, 1, 2] });
  }

  async stop(): Promise<void> {
    await this.host.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
