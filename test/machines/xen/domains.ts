import type { Run } from '../../../src/process/run.js';
import { DOMAIN_KIT } from './dom0-image.js';

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

/** In dom0. */
const SCRIPT = '/netmgr/vif-on-bridge';

const CREATE_TIMEOUT = 240_000;

/** The socket in dom0 that leads to a domain's guest agent. */
export const agentSocket = (name: string): string => `/run/xen/${name}.agent`;

/** Where a domain's configuration is in dom0 (xl.cfg(5)). */
const file = (name: string): string => `/run/xen/${name}.cfg`;

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
kernel="${DOMAIN_KIT.kernel}"
ramdisk="${DOMAIN_KIT.initramfs}"
extra="console=hvc0 quiet mitigations=off GUEST_AGENT=isa-serial:/dev/hvc1"
vif=["mac=${mac},bridge=${bridge},script=${SCRIPT}"]
${agent ? `channel=[${channels.map((channel) => `"${channel}"`).join(',')}]` : ''}
`;
}
