import { expect } from 'chai';
import { IndexAllocator } from '../../src/mib/index-allocator.js';

describe('indices of names', () => {
  it('depend on the name alone, and are the same in another run', () => {
    const [one, other] = [new IndexAllocator(), new IndexAllocator()];
    const names = ['node1', 'node2', 'proxy1'];
    const first = names.map((name) => one.indexOf(name));
    expect(names.toReversed().map((name) => other.indexOf(name))).to.deep.equal(first.toReversed());
    // The first octets of the SHA-256 of the name: what agents and managers of all versions say.
    expect(first[0]).to.equal(3390239515);
    expect(new IndexAllocator(0x7fffffff).indexOf('node1')).to.equal(3390239515 % 2 ** 31);
  });

  it('are all different, from 1 to the greatest, and stay', () => {
    const few = new IndexAllocator(8);
    const names = Array.from({ length: 8 }, (_, i) => `node${String(i)}`);
    const given = names.map((name) => few.indexOf(name));
    expect([...given].sort()).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(names.map((name) => few.indexOf(name))).to.deep.equal(given);
  });
});
