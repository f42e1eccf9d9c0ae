/** Where the machines of a host can live, by the words of `--machines`. */
export const MACHINE_KINDS = ['namespace', 'container'] as const;

export type MachineKind = (typeof MACHINE_KINDS)[number];
