import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenGuestAgent } from '../../../src/agent/machines/guest-agent/guest-agent.js';
import { guestRun } from '../../../src/agent/machines/guest-agent/run-in-guest.js';
import { SharedAgent } from '../../../src/agent/machines/guest-agent/shared-agent.js';
import { SocketAgent } from '../../../src/agent/machines/guest-agent/socket-agent.js';
import type { Run } from '../../../src/process/run.js';
import { startAttached, type AttachedProcess } from '../../../src/process/start-attached.js';
import { xenKit, type XenKit } from './xen-kit.js';

/** MiB. */
const [MEMORY, DOM0_MEMORY] = [3072, 1536];
/** Milliseconds: half a minute on a machine that does nothing else. */
const BOOT_TIMEOUT = 600_000;
const LOOK = 500;
/** Characters of the console that are told when it does not come up. */
const WORDS_KEPT = 4000;

/** Where dom0's SNMP agent answers. */
const SNMP_PORT = 161;
/** Where dom0 may have a server of a test's own. */
export const SERVER_PORT = 4000;

/** A Xen hypervisor with its dom0, in QEMU's emulation of a processor, which needs no support of the real one. */
export class XenHost {
  #words = '';

  private constructor(
    private readonly work: string,
    private readonly process: AttachedProcess,
    private readonly openAgent: OpenGuestAgent,
    /** Runs a command in dom0. */
    readonly run: Run,
    /** UDP, on 127.0.0.1: leads to dom0's port for SNMP. */
    readonly snmpPort: number,
    /** TCP, on 127.0.0.1: leads to {@link SERVER_PORT} of dom0. */
    readonly serverPort: number,
  ) {
    for (const stream of process.streams) {
      stream?.on('data', (bytes: Buffer) => {
        this.#words = (this.#words + bytes.toString()).slice(-WORDS_KEPT);
      });
    }
  }

  /** @throws Error with the last words of the console if it does not come up, or something is missing */
  static async start(): Promise<XenHost> {
    const work = await mkdtemp(join(tmpdir(), 'netmgr-xen-'));
    try {
      const kit = await xenKit(work);
      const [snmp, server] = [await freePort(), await freePort()];
      const socket = join(work, 'agent');
      const agent = new SharedAgent(() => SocketAgent.connect(socket, 'dom0', socket));
      const process = startAttached(commandOf(kit, socket, snmp, server), {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const host = new XenHost(work, process, agent.open, guestRun('dom0', agent.open), snmp, server);
      await host.#ready();
      return host;
    } catch (error) {
      await rm(work, { recursive: true, force: true });
      throw error;
    }
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + BOOT_TIMEOUT;
    const state = { isOver: false };
    void this.process.ended.then(() => (state.isOver = true));
    for (;;) {
      try {
        // As long as it stands: a guest agent that nobody is connected to looks ten times a second who is there.
        await this.openAgent();
        await this.run(['xl', 'list']);
        return;
      } catch (cause) {
        if (!state.isOver && performance.now() < deadline) await sleep(LOOK);
        else {
          this.process.kill('SIGKILL');
          throw new Error(`the Xen host does not come up: ${this.#words}`, { cause });
        }
      }
    }
  }

  async stop(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.process.ended;
    await rm(this.work, { recursive: true, force: true });
  }
}

function commandOf(kit: XenKit, agent: string, snmp: number, server: number): [string, ...string[]] {
  const dom0 = 'console=hvc0 quiet loglevel=4 mitigations=off rdinit=/init';
  const xen = `console=com1 dom0_mem=${String(DOM0_MEMORY)}M dom0_max_vcpus=1 spec-ctrl=no xpti=0 loglvl=warning`;
  // Not restrict=on: it drops the answers of UDP.
  const forwards = [
    `hostfwd=udp:127.0.0.1:${String(snmp)}-:${String(SNMP_PORT)}`,
    `hostfwd=tcp:127.0.0.1:${String(server)}-:${String(SERVER_PORT)}`,
  ];
  return [
    // It ends with us, however that is.
    ...['setpriv', '--pdeathsig', 'KILL'],
    // Time goes by instructions, one a nanosecond: what is measured inside does not depend on what else the machine does.
    ...['qemu-system-x86_64', '-accel', 'tcg,thread=single', '-icount', 'shift=0,sleep=on'],
    ...['-machine', 'q35', '-cpu', 'qemu64,+rdrand', '-smp', '1'],
    ...['-m', String(MEMORY), '-nodefaults', '-no-reboot', '-display', 'none', '-serial', 'stdio'],
    ...['-kernel', kit.hypervisor, '-append', xen],
    // In Multiboot's words: the modules, each with its arguments, between commas.
    ...['-initrd', `${kit.kernel} ${dom0},${kit.initramfs}`],
    // What is written to it is gone with QEMU.
    ...['-drive', `file=${kit.image},format=raw,if=virtio,snapshot=on`],
    ...['-netdev', ['user,id=network', ...forwards].join(',')],
    ...['-device', 'virtio-net-pci,netdev=network', '-device', 'virtio-serial-pci'],
    ...['-chardev', `socket,id=agent,path=${agent},server=on,wait=off`],
    ...['-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
  ] as [string, ...string[]];
}

/** Of this machine, as free as a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
