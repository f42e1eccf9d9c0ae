import { expect } from 'chai';
import { Rates } from '../../../src/manager/monitor/rates.js';

describe('rates of counters', () => {
  const NONE = { octets: 0n, drops: 0n };

  it('are what passed between two readings', () => {
    const rates = new Rates();
    expect(rates.of('a', NONE, 100)).to.equal(undefined);
    expect(rates.of('b', NONE, 100)).to.equal(undefined);
    expect(rates.of('a', { octets: 1000n, drops: 6n }, 300)).to.deep.equal({ rate: 4000, drops: 3 });
    expect(rates.of('a', { octets: 1000n, drops: 6n }, 400)).to.deep.equal({ rate: 0, drops: 0 });
    expect(rates.of('b', { octets: 1n << 40n, drops: 0n }, 200)).to.deep.equal({ rate: 2 ** 43, drops: 0 });
  });

  it('stay while there is no newer reading', () => {
    const rates = new Rates();
    rates.of('a', NONE, 100);
    rates.of('a', { octets: 1000n, drops: 0n }, 200);
    expect(rates.of('a', { octets: 1000n, drops: 0n }, 200)).to.deep.equal({ rate: 8000, drops: 0 });
  });

  it('are not told of counters or of an agent that began anew', () => {
    const rates = new Rates();
    rates.of('a', { octets: 500n, drops: 5n }, 1000);
    expect(rates.of('a', { octets: 499n, drops: 5n }, 1100)).to.equal(undefined);
    expect(rates.of('a', { octets: 500n, drops: 4n }, 1200)).to.equal(undefined);
    expect(rates.of('a', { octets: 600n, drops: 4n }, 1100)).to.equal(undefined);
    expect(rates.of('a', { octets: 700n, drops: 4n }, 1200)?.rate).to.equal(800);
  });
});
