import { chmod, mkdir, mkdtemp, rm, symlink, writeFile, copyFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLinks, type Link } from '../../src/agent/kernel/ip/links.js';
import { run, start, type Run, type RunningProcess } from '../../src/process/run.js';

/** Of the packages busybox-static, podman, runc, containernetworking-plugins and lxc. */
const BUSYBOX = '/bin/busybox';
const CNI_PLUGINS = '/usr/lib/cni';

/** What is missing here for containers of an engine; undefined if nothing is. */
export function missingFor(engine: 'podman' | 'lxc'): string | undefined {
  const files =
    engine === 'podman'
      ? ['/usr/bin/podman', '/usr/sbin/runc', `${CNI_PLUGINS}/bridge`]
      : ['/usr/bin/lxc-start'];
  if (process.getuid?.() !== 0) return 'no root';
  return [BUSYBOX, ...files].find((file) => !existsSync(file));
}

/**
 * A host of containers on this one: network and mounts of its own, in which engines keep all that they have in one directory. What
 * it starts ends with it.
 */
export class ContainerHost {
  readonly bridge = 'br0';

  private constructor(
    readonly directory: string,
    private readonly holder: RunningProcess,
    readonly pid: number,
  ) {}

  static async create(): Promise<ContainerHost> {
    const directory = await mkdtemp(join(tmpdir(), 'netmgr-containers-'));
    const holder = start(['unshare', '--net', '--mount', '--propagation', 'private', 'sleep', 'infinity']);
    const host = new ContainerHost(directory, holder, holder.pid ?? 0);
    await host.#isolated();
    for (const argv of [
      ['mount', '-t', 'tmpfs', 'tmpfs', '/run'],
      ['mkdir', '/run/cgroup', '/run/netns'],
      // LXC looks for its bridge in /sys, which is another for each network.
      ['mount', '--rbind', '/sys/fs/cgroup', '/run/cgroup'],
      ['mount', '-t', 'sysfs', 'sysfs', '/sys'],
      ['mount', '--rbind', '/run/cgroup', '/sys/fs/cgroup'],
      ['mkdir', '-p', '/var/lib/cni', '/var/lib/lxc'],
      ['mount', '-t', 'tmpfs', 'tmpfs', '/var/lib/cni'],
      ['mount', '-t', 'tmpfs', 'tmpfs', '/var/lib/lxc'],
      ['ip', 'link', 'set', 'lo', 'up'],
      ['ip', 'link', 'add', 'br0', 'type', 'bridge'],
      ['ip', 'link', 'set', 'br0', 'up'],
    ] as const) {
      await host.run(argv);
    }
    await host.#write();
    return host;
  }

  /** The words before a command that run it in this host. */
  get enter(): readonly ['nsenter', ...string[]] {
    return ['nsenter', `--target=${String(this.pid)}`, '--net', '--mount', '--'];
  }

  /** What has Podman keep to this host's directory. */
  get env(): Readonly<Record<string, string>> {
    return {
      CONTAINERS_CONF: join(this.directory, 'containers.conf'),
      CONTAINERS_STORAGE_CONF: join(this.directory, 'storage.conf'),
    };
  }

  /** What all containers see as their files. */
  get root(): string {
    return join(this.directory, 'rootfs');
  }

  /** Runs commands in this host. */
  readonly run: Run = (argv, options) =>
    run([...this.enter, ...argv], { ...options, env: { ...options?.env, ...this.env } });

  links(): Promise<Link[]> {
    return readLinks(this.run);
  }

  /** Starts a container of Podman, at this host's bridge with that MAC address, or with other words for its network. */
  async podman(name: string, network: readonly string[], ...options: readonly string[]): Promise<void> {
    await this.run([
      ...(['podman', 'run', '--detach', '--name', name, ...network, ...options] as const),
      ...['--rootfs', this.root, 'sleep', '100000'],
    ]);
  }

  /** Writes what LXC starts a container by. */
  async writeLxc(name: string, mac: string): Promise<void> {
    const input = `lxc.uts.name = ${name}
lxc.rootfs.path = dir:${this.root}
lxc.net.0.type = veth
lxc.net.0.link = ${this.bridge}
lxc.net.0.flags = up
lxc.net.0.hwaddr = ${mac}
lxc.apparmor.profile = unconfined
lxc.init.cmd = /bin/sleep 100000
`;
    await this.run(['mkdir', '-p', `/var/lib/lxc/${name}`]);
    await this.run(['tee', `/var/lib/lxc/${name}/config`], { input });
  }

  /** Removes all containers of Podman: the second time also those that others shared the network of. */
  async endContainers(): Promise<void> {
    for (let round = 0; round < 2; round++) {
      await this.run(['podman', 'rm', '--all', '--force', '--time', '0'], { accept: [0, 1, 2, 125] });
    }
  }

  /** Ends what runs here. */
  async remove(): Promise<void> {
    await this.endContainers();
    this.holder.kill('SIGKILL');
    await this.holder;
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Waits until the process that holds the namespaces has made them. */
  async #isolated(): Promise<void> {
    for (;;) {
      const { stdout } = await run(['readlink', `/proc/${String(this.pid)}/ns/net`, '/proc/self/ns/net']);
      const [held, own] = stdout.trim().split('\n');
      const { stdout: name } = await run(['cat', `/proc/${String(this.pid)}/comm`]);
      if (held !== own && name.trim() === 'sleep') return;
    }
  }

  async #write(): Promise<void> {
    const at = (...path: string[]): string => join(this.directory, ...path);
    for (const path of [
      'net',
      'rootfs/bin',
      'rootfs/proc',
      'rootfs/sys',
      'rootfs/dev',
      'rootfs/run',
      'rootfs/etc',
      'rootfs/tmp',
    ])
      await mkdir(at(path), { recursive: true });
    await copyFile(BUSYBOX, at('rootfs/bin/busybox'));
    await chmod(at('rootfs/bin/busybox'), 0o755);
    for (const name of ['sh', 'sleep']) await symlink('busybox', at('rootfs/bin', name));
    // The default limits of Podman 4 are higher than those that this test may run with.
    await writeFile(
      at('containers.conf'),
      `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "${at('tmp')}"
[network]
network_backend = "cni"
cni_plugin_dirs = ["${CNI_PLUGINS}"]
network_config_dir = "${at('net')}"
`,
    );
    await writeFile(
      at('storage.conf'),
      `[storage]\ndriver = "vfs"\ngraphroot = "${at('root')}"\nrunroot = "${at('run')}"\n`,
    );
    await writeFile(
      at('net/lab.conflist'),
      JSON.stringify({
        cniVersion: '0.4.0',
        name: 'lab',
        plugins: [{ type: 'bridge', bridge: this.bridge, capabilities: { mac: true } }],
      }),
    );
  }
}
