import { randomBytes } from 'node:crypto';
import { messageOf, NetmgrError } from '../../../errors.js';
import type { Run } from '../../../process/run.js';

/** Where libvirt is, and how virsh is started. */
export interface VirshOptions {
  /** libvirt's address of the hypervisor. Default: `qemu:///system`. */
  readonly uri?: string;
  /** The mark by which the agent's next life finds what this one may leave running. */
  readonly env?: Readonly<Record<string, string>>;
}

const DEFAULT_URI = 'qemu:///system';

/**
 * Its environment: what it says in English, no colours, and no history of what it is told, which it would write into the
 * user's own file where its commands come on its standard input.
 */
export const VIRSH_ENVIRONMENT = { LC_ALL: 'C', TERM: 'dumb', XDG_CACHE_HOME: '/dev/null' } as const;

/** The words before a command of virsh. */
export const virshWords = ({ uri = DEFAULT_URI }: VirshOptions): ['virsh', ...string[]] => [
  ...(['virsh', '-q', '-c', uri] as const),
];

/**
 * Has virsh(1) do several commands that only read, with one process, and gives what each of them says: nothing where it
 * failed, such as for a machine that is gone. A command must hold no text of others: virsh takes the lot of them apart itself.
 *
 * @throws NetmgrError `CommandFailed` if there is no libvirt
 */
export async function readVirsh(
  run: Run,
  options: VirshOptions,
  commands: readonly string[],
): Promise<string[]> {
  const mark = randomBytes(8).toString('hex');
  const [virsh, ...words] = virshWords(options);
  const line = commands.map((command) => `${command}; echo ${mark}`).join('; ');
  const argv = [virsh, '--readonly', ...words, line] as const;
  const { stdout } = await run(argv, { env: VIRSH_ENVIRONMENT }).catch((error: unknown) => {
    throw noLibvirt(error);
  });
  const said = stdout.split(mark).slice(0, -1);
  if (said.length === commands.length) return said;
  throw noLibvirt(new Error(`virsh did ${String(said.length)} of ${String(commands.length)} commands`));
}

function noLibvirt(error: unknown): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `libvirt cannot be asked for its machines: ${messageOf(error)
      .replace(/^error: /gm, '')
      .replace(/\s*\n\s*/g, ': ')}`,
    hint:
      (error instanceof NetmgrError ? error.hint : undefined) ??
      'See that libvirt runs (systemctl start libvirtd, or virtqemud), and that the agent may use it: virsh -c qemu:///system list.',
    cause: error,
  });
}
