/** What the kernel has told of an interface, or of what hangs at it. */
export interface KernelEvent {
  readonly device: string;
  /** Whether the interface itself went away: it was deleted, or moved to another namespace. */
  readonly gone: boolean;
}

/** The same of an interface itself. */
export interface LinkEvent extends KernelEvent {
  /** The number of the interface. */
  readonly index: number;
}

/**
 * Reads a line of `ip -o monitor link`. The bridge tells of each of its ports too, in lines of the same form; that it
 * has lost one is no end of the interface.
 */
export function parseLinkEvent(line: string): LinkEvent | undefined {
  const [, deleted, index, device] = /^(Deleted )?(\d+): ([^\s@]+?)(?:@\S+)?: </.exec(line) ?? [];
  if (device === undefined) return undefined;
  const gone = deleted !== undefined && !line.includes(' master ');
  return { device, gone, index: Number(index) };
}

/** Reads a line of `tc monitor`. A filter has further lines, which tell of no interface. */
export function parseTcEvent(line: string): KernelEvent | undefined {
  const device = /^\S.* dev (\S+) /.exec(`${line} `)?.[1];
  return device === undefined ? undefined : { device, gone: false };
}
