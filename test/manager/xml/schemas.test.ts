import { expect } from 'chai';
import fc from 'fast-check';
import { failuresOf } from '../../../src/errors.js';
import { INTERFACE_NAME } from '../../../src/mib/syntax.js';
import { parseRealEnvironment } from '../../../src/manager/xml/read-real-environment.js';
import { parseVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';

describe('the schemas', () => {
  it('take the names of interfaces that the MIB takes, and no others', async () => {
    const name = fc.stringMatching(/^[a-z0-9_. -]{1,17}$/);
    await fc.assert(
      fc.asyncProperty(name, async (bridge) => {
        const text = `<real-environment xmlns="urn:netmgr:real-environment:1" name="x"><credentials name="l" user="u" from="env:A"/><host name="h" address="10.0.0.1"><agent credentials="l"/><bridge name="${bridge}"/></host></real-environment>`;
        const taken = await parseRealEnvironment(text, 'f').then(
          () => true,
          () => false,
        );
        expect(taken).to.equal(INTERFACE_NAME.test(bridge));
      }),
    );
  });

  for (const [attribute, good, bad] of [
    [
      'bandwidth',
      ['1kbit', '1.5mbit', '10gbit'],
      ['1', '1 mbit', '1Mbit', '1mbps', '-1mbit', 'mbit', '1e3kbit'],
    ],
    ['latency', ['0us', '0.5ms', '1s'], ['5', '5m', '5min', '5 ms', '-5ms', '.5ms']],
  ] as const) {
    it(`take a ${attribute} with a unit only`, async () => {
      const refusals = async (value: string): Promise<number> => {
        const text = `<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="x"><site name="s" network="10.0.0.0/8"><access ${attribute}="${value}"/></site></virtual-environment>`;
        return parseVirtualEnvironment(text, 'f').then(
          () => 0,
          (error: unknown) => failuresOf(error).length,
        );
      };
      for (const value of good) expect(await refusals(value), value).to.equal(0);
      for (const value of bad) expect(await refusals(value), value).to.equal(1);
    });
  }
});
