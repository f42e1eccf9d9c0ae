/** What the kernel has told of an interface, or of what hangs at it. */
export interface KernelEvent {
  readonly device: string;
  /** Whether the interface itself went away: it was deleted, or moved to another namespace. */
  readonly gone: boolean;
}

/**
 * Reads a line of `ip -o monitor link`. The bridge tells of each of its ports too, in lines of the same form; that it
 * has lost one is no end of the interface.
 */
export function parseLinkEvent(line: string): KernelEvent | undefined {
  const [, deleted, device] = /^(Deleted )?\d+: ([^\s@]+?)(?:@\S+)?: </.exec(line) ?? [];
  if (device === undefined) return undefined;
  return { device, gone: deleted !== undefined && !line.includes(' master ') };
}

/** Reads a line of `tc monitor`. A filter has further lines, which tell of no interface. */
export function parseTcEvent(line: string): KernelEvent | undefined {
  const device = /^\S.* dev (\S+) /.exec(`${line} `)?.[1];
  return device === undefined ? undefined : { device, gone: false };
}
