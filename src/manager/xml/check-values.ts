import { NetmgrError } from '../../errors.js';
import { BitRate } from '../../units/bit-rate.js';
import { ByteCount } from '../../units/byte-count.js';
import { Duration } from '../../units/duration.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';
import { MacAddress } from '../../units/mac-address.js';
import { INTERFACE_NAME } from '../../mib/syntax.js';
import { QueueLength } from '../../units/queue-length.js';
import { Ratio } from '../../units/ratio.js';
import { withDescendants, type ElementText } from './element.js';
import type { Findings } from './findings.js';
import { quoted } from './printable.js';
import type { Schema } from './schema.js';

/** What reads the values of each simple type that a pattern alone does not check. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  bandwidth: (text) => BitRate.parse(text),
  duration: (text) => Duration.parse(text),
  size: (text) => ByteCount.parse(text),
  ratio: (text) => Ratio.parse(text),
  queue: (text) => QueueLength.parse(text),
  address: (text) => IpAddress.parse(text),
  addresses: (text) => words(text).map((word) => IpAddress.parse(word)),
  network: (text) => IpNetwork.parse(text),
  networks: (text) => words(text).map((word) => IpNetwork.parse(word)),
  mac: (text) => MacAddress.parse(text),
  interface: (text) => {
    if (INTERFACE_NAME.test(text)) return;
    throw new NetmgrError({ kind: 'InvalidInput', message: `${quoted(text)} is no name of an interface` });
  },
};

/** The items of a list. */
export function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/**
 * Reads every value as a unit once; says where one has the form but no meaning, and takes it out, so that what
 * is left can be made into the model.
 */
export function removeBadValues(root: ElementText, schema: Schema, findings: Findings): void {
  for (const element of [...withDescendants(root)]) {
    for (const rule of schema.ruleOf(element)?.attributes.values() ?? []) {
      const { name } = rule;
      const value = element.attributes.get(name);
      const error = value === undefined ? undefined : failure(READERS[rule.type], value);
      if (error === undefined) continue;
      findings.add(element, name, error.message, error.hint ?? rule.hint);
      if (!rule.required) element.attributes.delete(name);
      else if (element.parent !== undefined) {
        element.parent.children = element.parent.children.filter((child) => child !== element);
      }
    }
  }
}

function failure(read: ((text: string) => unknown) | undefined, value: string): NetmgrError | undefined {
  try {
    read?.(value);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof NetmgrError) return thrown;
    throw thrown;
  }
}
