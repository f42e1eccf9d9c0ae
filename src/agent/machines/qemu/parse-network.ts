import type { MachineInterface } from '../machine-driver.js';

/** What `info network` calls the other end of an interface that the kernel has none of. */
const OUTSIDE: Readonly<Record<string, string>> = {
  'vhost-user': 'vhost-user',
  user: 'user-mode networking',
  'vhost-vdpa': 'vDPA',
  stream: 'a stream socket',
  dgram: 'a datagram socket',
  socket: 'a socket',
  l2tpv3: 'an L2TPv3 tunnel',
};

const TAP = '-netdev tap,ifname=NAME,script=no,downscript=no and a Linux bridge';

/**
 * Reads what QEMU's monitor says to `info network`: a line for each interface of the machine, and below it one for its other
 * end. QMP has no command for it (`query-rx-filter` knows virtio alone, and no tap's name).
 */
export function parseNetwork(output: string): MachineInterface[] {
  const interfaces: MachineInterface[] = [];
  const atHub: MachineInterface[] = [];
  let nic: Omit<MachineInterface, 'vif'> | undefined;
  for (const line of output.split(/\r?\n/)) {
    const isBelow = /^\s*\\ /.test(line);
    const fields = fieldsOf(line);
    const isNic = fields.get('type') === 'nic';
    if (isBelow && !isNic && nic !== undefined) {
      interfaces.push({ ...nic, ...endOf(fields) });
      nic = undefined;
    }
    if (!isNic) continue;
    const found = { model: fields.get('model') ?? '', mac: (fields.get('macaddr') ?? '').toLowerCase() };
    if (isBelow) {
      atHub.push({ ...found, vif: '', obstacle: HUB });
      continue;
    }
    if (nic !== undefined) interfaces.push({ ...nic, vif: '', obstacle: UNPLUGGED });
    nic = found;
  }
  if (nic !== undefined) interfaces.push({ ...nic, vif: '', obstacle: UNPLUGGED });
  return [...interfaces, ...atHub].sort((a, b) => a.mac.localeCompare(b.mac));
}

const UNPLUGGED = `it is connected with nothing: use ${TAP}`;
const HUB = `QEMU's own hub passes by bridges: use ${TAP} instead`;

/** `net0: index=0,type=nic,model=virtio-net-pci,macaddr=52:54:00:12:34:56` */
function fieldsOf(line: string): ReadonlyMap<string, string> {
  const text = /: (index=.*)$/.exec(line)?.[1] ?? '';
  return new Map(
    text.split(',').map((field) => {
      const [name = '', ...value] = field.split('=');
      return [name, value.join('=')];
    }),
  );
}

function endOf(fields: ReadonlyMap<string, string>): Pick<MachineInterface, 'vif' | 'obstacle'> {
  const type = fields.get('type') ?? '';
  const vif = fields.get('ifname') ?? '';
  if (vif !== '') return { vif };
  const what = OUTSIDE[type];
  if (what !== undefined) {
    return {
      vif: '',
      obstacle: `${what} has no interface in the host's kernel, so nothing there can shape or isolate it: use ${TAP} instead`,
    };
  }
  return {
    vif: '',
    obstacle:
      type === 'tap' || type === 'bridge'
        ? `QEMU was given its tap open, and does not tell its name: use ${TAP} instead`
        : `QEMU does not tell what it is connected with (${type}): use ${TAP} instead`,
  };
}
