import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLinks, type Link } from '../../src/agent/kernel/ip/links.js';
import { run, type Run } from '../../src/process/run.js';

/** The words before a command that shall not outlive us, however we end. */
export const ENDS_WITH_US = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;

/** A host of machines on this one: a network namespace with a bridge, and a directory for its sockets. */
export class TestHost {
  readonly bridge = 'br0';

  private constructor(
    /** Of its namespace. */
    readonly name: string,
    readonly directory: string,
  ) {}

  static async create(): Promise<TestHost> {
    const directory = await mkdtemp(join(tmpdir(), 'netmgr-machines-'));
    const host = new TestHost(`nmh-${randomBytes(4).toString('hex')}`, directory);
    await run(['ip', 'netns', 'add', host.name]);
    await run(['ip', '-n', host.name, '-batch', '-'], {
      input: ['link set lo up', 'link add br0 type bridge', 'link set br0 up', ''].join('\n'),
    });
    return host;
  }

  /** The words before a command that run it in this host's network. */
  get enter(): readonly ['nsenter', ...string[]] {
    return ['nsenter', `--net=/run/netns/${this.name}`, '--'];
  }

  /** Runs commands in this host's network. */
  readonly run: Run = (argv, options) => run([...this.enter, ...argv], options);

  links(): Promise<Link[]> {
    return readLinks(this.run);
  }

  /** Joins an interface of this host and one of another's. */
  async join(other: TestHost, device: string, lines: (end: 0 | 1) => readonly string[]): Promise<void> {
    const ends = [this.name, other.name] as const;
    await run([
      // In its own network: whose command this is may have an interface of that name.
      ...(['ip', '-n', ends[0], 'link', 'add', device, 'type', 'veth'] as const),
      ...['peer', 'name', device, 'netns', ends[1]],
    ]);
    for (const end of [0, 1] as const) {
      const input = [...lines(end), `link set ${device} up`, ''].join('\n');
      await run(['ip', '-n', ends[end], '-batch', '-'], { input });
    }
  }

  async remove(): Promise<void> {
    await run(['ip', 'netns', 'del', this.name], { accept: [0, 1] });
    await rm(this.directory, { recursive: true, force: true });
  }
}
