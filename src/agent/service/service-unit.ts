import { NetmgrError } from '../../errors.js';
import { CAPABILITIES, CONTAINER_CAPABILITIES, SNMPD_CAPABILITIES } from './capabilities.js';
import { MALLOC_SETTINGS } from '../../process/malloc-settings.js';
import type { MachineKind } from '../machines/machine-kinds.js';
import { systemdWord } from './systemd-word.js';

/** What the service runs. */
export interface ServiceCommand {
  /** The absolute path of Node. */
  readonly node: string;
  /** The absolute path of the program's first file. */
  readonly program: string;
  /** Everything that follows: `agent`, `run` and its options. */
  readonly args: readonly string[];
  /** The agent's, an absolute path. */
  readonly stateDirectory: string;
  /** Where the machines of the host live. */
  readonly machines: MachineKind;
  /** The path of the socket of the system's snmpd, for an agent that has none of its own. */
  readonly agentxSocket?: string | undefined;
}

/**
 * The systemd unit of the agent (systemd.unit(5), systemd.exec(5)). docs/operations.md has the reasons for what is in
 * it and what is not.
 *
 * @throws NetmgrError `InvalidInput` for a word that no unit can hold, or a path of Node that systemd refuses
 */
export function serviceUnit(command: ServiceCommand): string {
  const { node, program, args, stateDirectory, machines, agentxSocket } = command;
  const isPrivate = agentxSocket === undefined;
  const paths = [node, program, stateDirectory, ...(isPrivate ? [] : [agentxSocket])];
  // snmpd may come later, and again: the agent waits for it.
  const before = [
    'network-online.target',
    'modprobe@br_netfilter.service',
    ...(isPrivate ? [] : ['snmpd.service']),
  ];
  const isOfContainers = machines === 'container';
  const capabilities = [
    ...CAPABILITIES,
    ...(isPrivate ? SNMPD_CAPABILITIES : []),
    ...(isOfContainers ? CONTAINER_CAPABILITIES : []),
  ];
  return `# Made by netmgr agent install, which replaces it: changes belong into a drop-in (systemctl edit netmgr-agent).
[Unit]
Description=netmgr agent: emulates the network between the machines of this host
Wants=${before.join(' ')}
After=${before.join(' ')}
RequiresMountsFor=${systemdWord(stateDirectory)}
StartLimitIntervalSec=0

[Service]
Type=exec
Environment=${Object.entries(MALLOC_SETTINGS)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')}
ExecStartPre=+/usr/bin/touch /run/xtables.lock
ExecStart=:${[executable(node), ...[program, ...args].map(systemdWord)].join(' ')}
Restart=always
RestartSec=500ms
KillMode=mixed
TimeoutStopSec=120
UMask=0077

${stateSetting(stateDirectory)}
RuntimeDirectory=netns
RuntimeDirectoryPreserve=yes
${isOfContainers ? ENGINE_PATHS : ''}ReadWritePaths=-/run/xtables.lock
ProtectSystem=strict
ProtectHome=${paths.some(isHome) ? 'read-only' : 'yes'}
PrivateTmp=${paths.some(isTemporary) ? 'no' : 'yes'}
${machines === 'xen' ? '' : 'PrivateDevices=yes\nDevicePolicy=closed\n'}ProtectKernelTunables=yes
ReadWritePaths=/proc/sys/net
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes

CapabilityBoundingSet=${capabilities.join(' ')}
NoNewPrivileges=yes
RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6
RestrictNamespaces=net mnt
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service mount umount2
${isOfContainers ? '' : 'SystemCallFilter=~@resources\n'}SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

/** systemd takes no program with a quote or backslash in its path, however written (string_is_safe() of its sources). */
function executable(path: string): string {
  if (/['"\\]/.test(path)) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `systemd runs no program with a quote or a backslash in its path: ${path}`,
      hint: 'Use a Node elsewhere, or agent install --no-unit and a service of your own.',
    });
  }
  return systemdWord(path);
}

const isBelow = (path: string, directory: string): boolean => `${path}/`.startsWith(`${directory}/`);
const isHome = (path: string): boolean => ['/home', '/root', '/run/user'].some((home) => isBelow(path, home));
const isTemporary = (path: string): boolean => ['/tmp', '/var/tmp'].some((home) => isBelow(path, home));

const STATE = '/var/lib';

/** Where Podman, which has no daemon, keeps its locks and its database, also to list, and LXC what it tells by. Podman sets its own limits, or refuses. */
const ENGINE_PATHS =
  'ReadWritePaths=-/var/lib/containers -/run/containers -/run/libpod -/run/crun -/run/runc -/run/lxc\n';

/** systemd makes the directory where it is in the usual place; elsewhere it must be there. */
function stateSetting(directory: string): string {
  return directory.startsWith(`${STATE}/`)
    ? `StateDirectory=${systemdWord(directory.slice(STATE.length + 1))}\nStateDirectoryMode=0700`
    : `ReadWritePaths=${systemdWord(directory)}`;
}
