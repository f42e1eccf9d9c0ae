import { attributeOf } from '../model/attribute-names.js';
import { correlationBeyondLoss, jitterBeyondLatency, type Parameters } from '../model/parameters.js';

/** A parameter that has no effect, or one that cannot be, as it is after all that applies is put together. */
export interface ParameterConflict {
  readonly message: string;
  readonly hint: string;
}

/** Parameters that say how another one is meant. */
const NEEDS: readonly (readonly [name: keyof Parameters, needed: keyof Parameters])[] = [
  ['burst', 'bandwidth'],
  ['queue', 'bandwidth'],
  ['framing', 'bandwidth'],
  ['distribution', 'jitter'],
  ['jitterReorders', 'jitter'],
  ['jitter', 'latency'],
  ['lossCorrelation', 'loss'],
  ['gemodelR', 'gemodelP'],
  ['gemodelBad', 'gemodelP'],
  ['gemodelGood', 'gemodelP'],
  ['reorder', 'latency'],
  ['reorderGap', 'reorder'],
  ['limit', 'latency'],
];

/** What of a line, a link or an access, would be ignored or cannot be. */
export function checkParameters(parameters: Parameters): ParameterConflict[] {
  const conflicts = NEEDS.filter(
    ([name, needed]) => isGiven(parameters, name) && !isGiven(parameters, needed),
  ).map(([name, needed]): ParameterConflict => {
    const [attribute, other] = [attributeOf(name), attributeOf(needed)];
    return {
      message: `${attribute} without ${other} has no effect`,
      hint: `Add ${other}, or remove ${attribute}.`,
    };
  });
  const { loss, gemodelP } = parameters;
  for (const beyond of [jitterBeyondLatency(parameters), correlationBeyondLoss(parameters)]) {
    if (beyond !== undefined) conflicts.push(beyond);
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
