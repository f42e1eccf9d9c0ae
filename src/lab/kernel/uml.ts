import type { Duplex } from 'node:stream';
import { NetmgrError } from '../../errors.js';
import { startAttached, type AttachedProcess } from '../../process/start-attached.js';
import type { InsideProgram, StartedKernel } from './backend.js';
import { onOneCpu } from './one-cpu.js';
import type { Wire } from './wire.js';

/** The kernel's program, of the package of {@link UML_PACKAGE}. */
export const UML_PROGRAM = 'linux.uml';
export const UML_PACKAGE = 'user-mode-linux';
const MODULES = '/usr/lib/uml/modules';
// Half of the serial line's input buffer.
const SERIAL_WINDOW = 2048;
const WORDS_KEPT = 16_384;
const DISK_DESCRIPTOR = 5;
const REGISTERS_DESCRIPTOR = 6;

// A kernel command line holds 4096 characters (COMMAND_LINE_SIZE), and double quotes cannot be written in one.
const MAX_COMMAND_LINE = 4000;

/**
 * What process 1 does. The machine's files are the root, read-only; above them lies a tmpfs, so that everything can be
 * written and nothing stays. It is given on the kernel's command line, so no file has to be made and removed for it:
 * there it may hold no double quote.
 */
const INIT = [
  'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'mount -t proc proc /proc',
  `insmod ${MODULES}/$(uname -r)/kernel/fs/overlayfs/overlay.ko`,
  'mount -t tmpfs tmpfs /mnt',
  'mkdir /mnt/upper /mnt/work /mnt/root',
  'mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work root /mnt/root && cd /mnt/root',
  `mkdir -p lib/modules && mount --bind ${MODULES} lib/modules`,
  'mkdir .old && pivot_root . .old && cd / && umount -l /.old && rmdir /.old',
  'mount -t proc proc /proc',
  'mount -t sysfs sys /sys',
  'mount -t devtmpfs dev /dev',
  'mkdir -p /dev/pts /dev/shm',
  'mount -t devpts pts /dev/pts',
  'mount -t tmpfs shm /dev/shm',
  'mount -t tmpfs -o mode=755 run /run',
  'stty -F /dev/ttyS0 raw -echo',
  'ip link set dev lo up',
  '$NETMGR_NODE $NETMGR_INSIDE uml',
  'echo o >/proc/sysrq-trigger',
  'sleep 9',
].join('; ');

/** What a User-Mode Linux kernel is made of. */
export interface UmlMachine {
  /** As the kernel wants it: `2G`. */
  readonly memory: string;
  /** What it has as `vec0`, `vec1`, …. */
  readonly wires?: readonly Wire[];
  /** A descriptor of ours that leads to the file which it has as `/dev/ubda`. */
  readonly disk?: number | undefined;
  /** A descriptor of ours, of `openUmlRegisters`. */
  readonly registers: number | undefined;
  /** Numbers the kernels of one lab, so that they do not all share a CPU. */
  readonly number?: number;
}

/** Starts the inside in a User-Mode Linux kernel, which needs neither root nor hardware support. */
export function startUml(program: InsideProgram, machine: UmlMachine): StartedKernel {
  const argv = [
    ...['root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro', `mem=${machine.memory}`],
    ...['quiet', 'loglevel=1'],
    ...(machine.wires ?? []).map((wire, index) => `vec${String(index)}:${wire}`),
    ...(machine.disk === undefined ? [] : [`ubd0=/proc/self/fd/${String(DISK_DESCRIPTOR)}`]),
    // The management console's directory is one that cannot be made: we do not use it and it would stay behind.
    'uml_dir=/dev/null/',
    ...[
      'console=tty1',
      'con=null',
      'ssl=null',
      program.terminal ? 'con0=fd:0,fd:1' : 'con0=null',
      'ssl0=fd:3',
    ],
    `NETMGR_NODE=${wordOf(program.node)}`,
    `NETMGR_INSIDE=${wordOf(program.main)}`,
    ...['init=/bin/sh', '--', '-c', `"${INIT}"`],
  ];
  if (argv.join(' ').length > MAX_COMMAND_LINE) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message:
        machine.wires === undefined
          ? 'netmgr lies too deep for a kernel command line'
          : `${String(machine.wires.length)} wires do not fit on a kernel command line`,
      hint: machine.wires === undefined ? undefined : 'Use fewer hosts, or one kernel for all of them.',
    });
  }
  return program.terminal ? startInTerminal(argv, machine) : startGuarded(argv, machine);
}

// A User-Mode Linux kernel is several processes, in a session that it makes for itself, and they do not all end with the
// first of them. This one waits for that, and kills the whole session when it ends or descriptor 4 closes, which it does
// when we end, however that is. The kernel's number cannot be another's while it is waited for.
const GUARD = [
  '"$@" 4<&- & kernel=$!',
  // Until it has its session it is in our process group.
  '(read -r line <&4; kill -KILL -$kernel $kernel) 2>/dev/null &',
  'wait $kernel',
  'kill -KILL -$kernel 2>/dev/null',
  'kill -KILL 0',
].join('\n');

/** The kernel's command, on one CPU, with what it preloads. */
function commandOf(argv: readonly string[], { number, registers }: UmlMachine): string[] {
  const preload = `LD_PRELOAD=/proc/self/fd/${String(REGISTERS_DESCRIPTOR)}`;
  return [...onOneCpu(number), ...(registers === undefined ? [] : ['env', preload]), UML_PROGRAM, ...argv];
}

function startGuarded(argv: readonly string[], machine: UmlMachine): StartedKernel {
  const { disk = 'ignore', registers = 'ignore' } = machine;
  const child = startAttached(['/bin/sh', '-c', GUARD, 'netmgr-lab', ...commandOf(argv, machine)], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', disk, registers],
    detached: true,
  });
  let words = '';
  for (const stream of [child.streams[1], child.streams[2]]) {
    stream?.on('data', (bytes: Buffer) => {
      words = (words + bytes.toString()).slice(-WORDS_KEPT);
    });
  }
  const lifeline = child.streams[4];
  lifeline?.on('error', () => undefined);
  return {
    process: child,
    control: controlOf(child),
    window: SERIAL_WINDOW,
    kill: () => lifeline?.destroy(),
    words: () => words,
  };
}

/** In our own process group, which the terminal listens to; so it cannot be killed as a group. */
function startInTerminal(argv: readonly string[], machine: UmlMachine): StartedKernel {
  const { disk = 'ignore', registers = 'ignore' } = machine;
  const child = startAttached(['setpriv', '--pdeathsig', 'TERM', ...commandOf(argv, machine)], {
    stdio: ['inherit', 'inherit', 'ignore', 'pipe', 'ignore', disk, registers],
  });
  return {
    process: child,
    control: controlOf(child),
    window: SERIAL_WINDOW,
    kill: () => {
      // At SIGTERM it ends the processes it is made of.
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 1000).unref();
    },
    words: () => '',
  };
}

function controlOf(child: AttachedProcess): Duplex {
  const control = child.streams[3];
  if (control !== undefined && control !== null) return control;
  throw new NetmgrError({ kind: 'CommandFailed', message: `${UML_PROGRAM} could not be started` });
}

/** A word that the init's shell does not split and the kernel reads as it is. */
function wordOf(path: string): string {
  if (/^[\w./+@:,~-]+$/.test(path)) return path;
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `the path ${path} cannot be given to a User-Mode Linux kernel`,
    hint: 'Install netmgr and Node in directories whose names have letters, digits and ./+@:,~_- only.',
  });
}
