import { join } from 'node:path';
import type { Run } from '../../../src/process/run.js';
import type { GuestKit } from '../guest/guest-kit.js';

/** A paravirtualized domain of a test. */
export interface Domain {
  readonly name: string;
  readonly uuid: string;
  readonly mac: string;
  readonly bridge: string;
  /** Whether it has a channel for a guest agent. */
  readonly agent: boolean;
}

/** MiB: what unpacks itself at the start needs it. */
export const DOMAIN_MEMORY = 160;

const SCRIPT = join(import.meta.dirname, 'vif-on-bridge');

const CREATE_TIMEOUT = 240_000;

/** The socket in dom0 that leads to a domain's guest agent. */
export const agentSocket = (name: string): string => `/run/xen/${name}.agent`;

/** Where a domain's configuration is in dom0 (xl.cfg(5)). */
const file = (name: string): string => `/run/xen/${name}.cfg`;

/** Where dom0 has a kit, in memory, unpacked: libxl takes ten times as long for it. */
const KIT: GuestKitFiles = { kernel: '/run/xen/guest-kernel', initramfs: '/run/xen/guest-initramfs' };

type GuestKitFiles = Pick<GuestKit, 'kernel' | 'initramfs'>;

/** Gets dom0 ready for domains of a kit, whose files it sees under the same paths. @throws NetmgrError `CommandFailed` */
export async function prepareKit(run: Run, { kernel, initramfs }: GuestKitFiles): Promise<void> {
  await run(['cp', '--', kernel, KIT.kernel]);
  await run(['cp', '--', initramfs, `${KIT.initramfs}.gz`]);
  await run(['gunzip', `${KIT.initramfs}.gz`]);
}

/** Starts a domain of the kit. @throws NetmgrError `CommandFailed` */
export async function createDomain(run: Run, domain: Domain): Promise<void> {
  const { name } = domain;
  await run(['tee', file(name)], { input: configurationOf(domain) });
  await run(['xl', 'create', file(name)], { timeout: CREATE_TIMEOUT });
}

/** xl(1) gives the first channel the number of the primary console, and leaves it out: the agent's is the second one. */
function configurationOf({ name, uuid, mac, bridge, agent }: Domain): string {
  const channels = [
    'name=unused,connection=pty',
    `name=org.qemu.guest_agent.0,connection=socket,path=${agentSocket(name)}`,
  ];
  return `name="${name}"
uuid="${uuid}"
memory=${String(DOMAIN_MEMORY)}
kernel="${KIT.kernel}"
ramdisk="${KIT.initramfs}"
extra="console=hvc0 quiet GUEST_AGENT=isa-serial:/dev/hvc1"
vif=["mac=${mac},bridge=${bridge},script=${SCRIPT}"]
${agent ? `channel=[${channels.map((channel) => `"${channel}"`).join(',')}]` : ''}
`;
}
