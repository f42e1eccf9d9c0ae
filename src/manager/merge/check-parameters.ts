import type { Parameters } from './parameters.js';

/** A parameter that has no effect, or one that cannot be, as it is after all that applies is put together. */
export interface ParameterConflict {
  readonly message: string;
  readonly hint: string;
}

/** Parameters that say how another one is meant, by the attributes of the files. */
const NEEDS: readonly (readonly [name: keyof Parameters, attribute: string, needed: keyof Parameters])[] = [
  ['burst', 'burst', 'bandwidth'],
  ['queue', 'queue', 'bandwidth'],
  ['framing', 'framing', 'bandwidth'],
  ['latencyCorrelation', 'latency-correlation', 'jitter'],
  ['distribution', 'distribution', 'jitter'],
  ['jitterReorders', 'jitter-reorders', 'jitter'],
  ['jitter', 'jitter', 'latency'],
  ['lossCorrelation', 'loss-correlation', 'loss'],
  ['gemodelR', 'gemodel-r', 'gemodelP'],
  ['gemodelBad', 'gemodel-bad', 'gemodelP'],
  ['gemodelGood', 'gemodel-good', 'gemodelP'],
  ['reorder', 'reorder', 'latency'],
  ['reorderGap', 'reorder-gap', 'reorder'],
  ['limit', 'limit', 'latency'],
];

/** What of a line, a link or an access, would be ignored or cannot be. */
export function checkParameters(parameters: Parameters): ParameterConflict[] {
  const conflicts = NEEDS.filter(
    ([name, , needed]) => isGiven(parameters, name) && !isGiven(parameters, needed),
  ).map(([, attribute, needed]) => {
    const other = needed === 'gemodelP' ? 'gemodel-p' : needed;
    return {
      message: `${attribute} without ${other} has no effect`,
      hint: `Add ${other}, or remove ${attribute}.`,
    };
  });
  const { latency, jitter, loss, gemodelP } = parameters;
  if (latency !== undefined && jitter !== undefined && jitter.microseconds > latency.microseconds) {
    conflicts.push({
      message: `the jitter ${jitter.toString()} is more than the latency ${latency.toString()}`,
      hint: 'Write a jitter up to the latency: no packet arrives before it was sent.',
    });
  }
  if (loss !== undefined && gemodelP !== undefined) {
    conflicts.push({
      message: 'loss and gemodel-p are two models of the same',
      hint: 'Keep one: loss for packets by themselves, gemodel-p for bursts.',
    });
  }
  return conflicts;
}

function isGiven(parameters: Parameters, name: keyof Parameters): boolean {
  const value = parameters[name];
  return value !== undefined && value.toString() !== '0us' && value.toString() !== '0%';
}
