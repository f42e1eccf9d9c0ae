import { expect } from 'chai';
import { failuresOf, NetmgrError } from '../../../src/errors.js';
import { parseVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';

const HEAD =
  '<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="many">\n<site name="s" network="10.0.0.0/8">\n';
const FOOT = '</site>\n</virtual-environment>\n';

function nodes(count: number, lines = 1): string[] {
  return Array.from({ length: count }, (_, index) => {
    const address = `10.${String(1 + (index >> 16))}.${String((index >> 8) & 255)}.${String(index & 255)}`;
    return `<node vm="vm${String(index)}"${'\n'.repeat(lines - 1)} address="${address}"/>\n`;
  });
}

describe('a large file', () => {
  it('of 10,000 nodes is read, and each node knows its line', async () => {
    const { environment, positionOf } = await parseVirtualEnvironment(
      HEAD + nodes(10_000).join('') + FOOT,
      'f',
    );
    const [site] = environment.sites;
    expect(site?.nodes).to.have.lengthOf(10_000);
    expect(positionOf(site?.nodes[9_999] ?? {})).to.deep.equal({ file: 'f', line: 10_002 });
  });

  it('says the right line beyond 65,535', async () => {
    const list = nodes(10_000, 10);
    list[9_000] = '<node vm="same" address="10.9.9.9"/>\n';
    list[9_001] = '<node vm="same" address="10.9.9.8"/>\n';
    list[9_002] = '<node vm="unit" address="10.9.9.7"><access bandwidth="1"/></node>\n';
    const failures = await parseVirtualEnvironment(HEAD + list.join('') + FOOT, 'f').then(
      () => [],
      (error: unknown) => failuresOf(error),
    );
    expect(failures.map(({ message, at }) => ({ message, line: at?.line }))).to.deep.equal([
      { message: 'the node "same" is there twice, first in line 90003', line: 90_004 },
      { message: 'bandwidth="1" has no unit', line: 90_005 },
    ]);
  });

  it('with a mistake in each of 1,000 elements says all of them', async () => {
    const wrong = Array.from({ length: 1000 }, (_, index) => `<nod vm="vm${String(index)}"/>\n`);
    const failures = await parseVirtualEnvironment(HEAD + wrong.join('') + FOOT, 'f').then(
      () => [],
      (error: unknown) => failuresOf(error),
    );
    expect(failures).to.have.lengthOf(1000);
    expect(failures.at(-1)).to.be.instanceOf(NetmgrError);
    expect(failures.at(-1)?.at?.line).to.equal(1002);
  });
});
