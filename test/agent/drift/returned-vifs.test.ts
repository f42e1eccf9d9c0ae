import { expect } from 'chai';
import { ReturnedVifs, type VifInterface } from '../../../src/agent/drift/returned-vifs.js';

const at = (device: string, ifindex: number): ReadonlyMap<string, VifInterface> =>
  new Map([['v1', { device, ifindex }]]);
const away = new Map([['v1', undefined]]);

describe('the vifs that have come back', () => {
  it('are those with another interface, until they have all that belongs to them', () => {
    const returned = new ReturnedVifs();
    returned.look(at('vnet1', 1));
    expect(returned.waiting).to.deep.equal([]);
    returned.look(at('vnet2', 2));
    expect(returned.waiting).to.deep.equal(['v1']);
    returned.settle('v1');
    returned.look(at('vnet2', 2));
    expect(returned.waiting).to.deep.equal([]);
  });

  it('are those whose machine may have lost what it had inside, where it is here', () => {
    const returned = new ReturnedVifs();
    returned.look(away);
    returned.inDoubt('v1');
    expect(returned.waiting).to.deep.equal([]);
    returned.look(at('vnet1', 1));
    returned.settle('v1');
    returned.inDoubt('v1');
    expect(returned.waiting).to.deep.equal(['v1']);
    returned.look(at('vnet1', 1));
    expect(returned.waiting, 'still').to.deep.equal(['v1']);
    returned.inDoubt('nobody');
    expect(returned.waiting).to.deep.equal(['v1']);
  });
});
