import type { MacAddress } from '../../units/mac-address.js';

/**
 * What a vif is called that has no name in the file: `mac` and the digits of its MAC address, the 15 characters that the name of an
 * interface has at most. It is unique, and the same for every run.
 */
export const generatedVifName = (mac: MacAddress): string => `mac${mac.toString().replaceAll(':', '')}`;
