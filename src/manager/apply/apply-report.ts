/** What an apply did on one host. */
export interface HostResult {
  readonly host: string;
  readonly changed: boolean;
  /** How many rows were written or removed. */
  readonly rows: number;
  /** How many differences of the kernel from what runs were mended. */
  readonly repaired: number;
}

export interface ApplyReport {
  /** The name of what was applied; empty if everything was removed. */
  readonly environment: string;
  readonly hosts: readonly HostResult[];
  /** Seconds. */
  readonly duration: number;
}
