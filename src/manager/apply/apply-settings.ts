import { NetmgrError } from '../../errors.js';

/** How an apply goes about it. */
export interface ApplySettings {
  /** Seconds after which a host takes a commit back by itself unless it is confirmed. Default: 60. */
  readonly confirmTimeout?: number;
  /** Whether to wait while another manager is at work, rather than fail at once. Default: true. */
  readonly wait?: boolean;
  /** Whether to replace the root qdiscs that others gave to vifs; destroy puts them back. Default: false. */
  readonly takeOver?: boolean;
  /**
   * Whether an apply begins with the question what hosts run, and has only those examine their kernels that run what is wanted: what is to
   * change is done sooner, and where nothing is it costs one GET more. Default: false, all are examined.
   */
  readonly expectsChange?: boolean;
  /** Seconds of silence after which a host forgets that this manager is at work. Default: 60. */
  readonly ownerTimeout?: number;
}

const LONGEST = 86_400;

/** The settings with their defaults. @throws NetmgrError `InvalidInput` for a time that the MIB does not have */
export function applySettings(given: ApplySettings): Required<ApplySettings> {
  const {
    confirmTimeout = 60,
    wait = true,
    takeOver = false,
    expectsChange = false,
    ownerTimeout = 60,
  } = given;
  for (const [name, seconds] of Object.entries({ confirmTimeout, ownerTimeout })) {
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `${name} is ${String(seconds)}; it is a whole number of seconds from 1 to ${String(LONGEST)}`,
      });
    }
  }
  return { confirmTimeout, wait, takeOver, expectsChange, ownerTimeout };
}
