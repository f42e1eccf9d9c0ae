import { NetmgrError } from '../../errors.js';
import { startAttached } from '../../process/start-attached.js';
import type { InsideProgram, StartedKernel } from './backend.js';

// Process 1 of the lab's own process namespace. A shell, because process 1 inherits the children of all that end
// and has to wait for them; its end takes everything else with it.
const INIT = [
  'mount -t tmpfs -o mode=755 run /run || exit 1',
  'mount -t sysfs sys /sys || exit 1',
  'ip link set dev lo up || exit 1',
  '"$@"',
  'exit $?',
].join('\n');

/**
 * Starts the inside in namespaces of this machine's kernel: mounts, network and processes of its own. They end with
 * it, with the returned process, and with ours.
 */
export function startNative(program: InsideProgram): StartedKernel {
  const child = startAttached(
    [
      ...(['setpriv', '--pdeathsig', 'KILL'] as const),
      ...['unshare', '--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...['/bin/sh', '-c', INIT, 'netmgr-lab', program.node, program.main, 'native'],
    ],
    { stdio: ['inherit', 'inherit', 'inherit', 'pipe'] },
  );
  const control = child.streams[3];
  if (control === undefined || control === null) {
    throw new NetmgrError({ kind: 'CommandFailed', message: 'setpriv or unshare could not be started' });
  }
  return { process: child, control, kill: () => child.kill('SIGKILL'), words: () => '' };
}
