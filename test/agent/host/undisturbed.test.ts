import { expect } from 'chai';
import { Undisturbed, type Listener, type Look, type Shape } from '../../../src/agent/host/undisturbed.js';
import { ifbName, SINK } from '../../../src/agent/kernel/tc/ifb-name.js';

const shapes = (...vifs: string[]): Shape[] => vifs.map((vif) => ({ vif }));

const listener: Listener = { isListening: true, withoutTc: (work) => work() };

describe('interfaces of which the kernel has told nothing', () => {
  let undisturbed: Undisturbed;
  const look = (wanted: string): Look => ({ at: undisturbed.begin(), wanted });
  const known = (wanted = 'a'): string[] => [...undisturbed.known(wanted).keys()];

  beforeEach(() => {
    undisturbed = new Undisturbed();
    undisturbed.listener = listener;
    undisturbed.settle(look('a'), shapes('vif1', 'vif2', 'vif3'));
  });

  it('need not be looked at again', () => {
    expect(known()).to.deep.equal(['vif1', 'vif2', 'vif3']);
    undisturbed.settle(look('a'), shapes('vif4'));
    expect(known()).to.deep.equal(['vif1', 'vif2', 'vif3', 'vif4']);
  });

  it('are those that nothing has happened to, nor to their IFBs', () => {
    undisturbed.disturbed('vif1');
    undisturbed.disturbed(ifbName('vif3'));
    undisturbed.disturbed('other');
    expect(known()).to.deep.equal(['vif2']);
    undisturbed.disturbed(ifbName(SINK));
    expect(known()).to.deep.equal([]);
  });

  it('are not those that something happened to while they were looked at', () => {
    undisturbed.allDisturbed();
    const first = look('a');
    undisturbed.disturbed('vif1');
    undisturbed.disturbed(ifbName('vif2'));
    undisturbed.settle(first, shapes('vif1', 'vif2', 'vif3'));
    expect(known()).to.deep.equal(['vif3']);
    const second = look('a');
    undisturbed.allDisturbed();
    undisturbed.settle(second, shapes('vif1'));
    expect(known()).to.deep.equal([]);
  });

  it('are none where something else is wanted', () => {
    expect(known('b')).to.deep.equal([]);
    undisturbed.settle(look('b'), shapes('vif1'));
    expect(known('b')).to.deep.equal(['vif1']);
    expect(known('a')).to.deep.equal([]);
  });

  it('stay known when the host is brought to something else that wants the same of them', () => {
    undisturbed.disturbed('vif2');
    undisturbed.broughtTo('a', 'b');
    expect(known('b')).to.deep.equal(['vif1', 'vif3']);
    undisturbed.broughtTo('x', 'c');
    expect(known('c')).to.deep.equal([]);
  });

  it('are none while nobody listens, and what began unheard stays unsure', () => {
    undisturbed.listener = undefined;
    expect(known()).to.deep.equal([]);
    const unheard = look('b');
    undisturbed.listener = listener;
    undisturbed.settle(unheard, shapes('vif1'));
    expect(known('b')).to.deep.equal([]);
  });

  it('are remembered with what they need beside themselves, and nothing more', () => {
    const tx = { rate: 8000, burst: 2000, limit: 4000 };
    const device = { vif: 'vif4', tx, copies: true as const, root: true, foreign: [] };
    undisturbed.settle(look('a'), [device]);
    expect(undisturbed.known('a').get('vif4')).to.deep.equal({ vif: 'vif4', tx, copies: true });
  });

  it('are few, however many interfaces come and go', () => {
    for (let n = 0; n < 20_000; n++) undisturbed.disturbed(`veth${String(n)}`);
    // Too many to tell what came before what.
    expect(known()).to.deep.equal([]);
    undisturbed.settle(look('a'), shapes('vif1'));
    expect(known()).to.deep.equal(['vif1']);
  });
});
