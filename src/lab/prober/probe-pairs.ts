import type { Probe, Probers } from './probers.js';

/** A probe, and whether it should be answered. */
export interface ExpectedProbe extends Probe {
  readonly expected: boolean;
}

export interface ProbeOutcome<P extends ExpectedProbe = ExpectedProbe> {
  readonly probe: P;
  /** Milliseconds until the answer; null for none. */
  readonly milliseconds: number | null;
}

const ATTEMPTS = 3;

/**
 * Tries all probes and says which were answered. What should have been answered and was not is tried again, since a
 * busy machine loses packets; what was answered and should not have been stays so.
 */
export async function probePairs<P extends ExpectedProbe>(
  probers: Probers,
  probes: readonly P[],
  patience: number,
): Promise<readonly ProbeOutcome<P>[]> {
  const outcomes = new Map<P, number | null>();
  let left = probes;
  for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt += 1) {
    const answers = await probers.probe(left, patience);
    left.forEach((probe, i) => outcomes.set(probe, answers[i] ?? null));
    left = left.filter((probe) => probe.expected && outcomes.get(probe) === null);
  }
  return probes.map((probe) => ({ probe, milliseconds: outcomes.get(probe) ?? null }));
}

/** Whether the outcome is what was expected. */
export function isRight({ probe, milliseconds }: ProbeOutcome): boolean {
  return probe.expected === (milliseconds !== null);
}
