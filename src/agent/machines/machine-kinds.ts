/** Where the machines of a host can live, by the words of `--machines`. */
export const MACHINE_KINDS = ['namespace', 'container', 'libvirt', 'qemu', 'xen'] as const;

export type MachineKind = (typeof MACHINE_KINDS)[number];

/** Where the sockets of QEMUs are that nobody manages, if nothing else is said. */
export const QMP_DIRECTORY = '/run/netmgr-qemu';

/** Where the machines of one host live. */
export interface MachineOptions {
  readonly machines: MachineKind;
  /** An absolute path: of `qemu`, the directory with the sockets `NAME.qmp` and `NAME.qga` of each machine. */
  readonly qmpDirectory?: string | undefined;
}
