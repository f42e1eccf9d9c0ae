import { expect } from 'chai';
import type { DiscoveredMachine } from '../../../src/manager/discover/discovered.js';
import { MachineChanges } from '../../../src/manager/discover/machine-changes.js';
import { host, machine, vif } from './discovered-fixture.js';

const UUID = '11111111-2222-3333-4444-555555555555';
const told = (looks: readonly (readonly [string, DiscoveredMachine[]])[]): string[][] => {
  const changes = new MachineChanges();
  return looks.map(([name, machines]) =>
    changes
      .see(host(name, machines))
      .map((each) =>
        [each.change, each.host, each.machine, 'from' in each ? each.from : ''].join(' ').trim(),
      ),
  );
};
const [a, b] = [machine('a'), machine('b', [], { uuid: UUID })];

describe('what changes on hosts', () => {
  it('is nothing at the first look, and nothing where nothing does', () => {
    expect(
      told([
        ['h1', [a, b]],
        ['h1', [a, b]],
      ]),
    ).to.deep.equal([[], []]);
  });

  it('is a machine that comes, and one that two looks miss', () => {
    const looks = [[], [a], [], [], []].map((machines) => ['h1', machines] as const);
    expect(told(looks)).to.deep.equal([[], ['came h1 a'], [], ['gone h1 a'], []]);
  });

  it('is nothing of a machine that one look missed', () => {
    expect(
      told([
        ['h1', [a]],
        ['h1', []],
        ['h1', [a]],
        ['h1', []],
      ]),
    ).to.deep.equal([[], [], [], []]);
  });

  it('is a move where one host misses it before the other has it', () => {
    const looks = [
      ['h1', [b]],
      ['h2', []],
      ['h1', []],
      ['h2', [b]],
      ['h1', []],
      ['h2', [b]],
    ] as const;
    expect(told(looks.map(([name, all]) => [name, [...all]]))).to.deep.equal([
      [],
      [],
      [],
      ['moved h2 b h1'],
      [],
      [],
    ]);
  });

  it('is a move where both have it for a while', () => {
    const looks = [
      ['h1', [b]],
      ['h2', []],
      ['h2', [b]],
      ['h1', [b]],
      ['h1', []],
      ['h1', []],
      ['h2', [b]],
    ] as const;
    expect(told(looks.map(([name, all]) => [name, [...all]]))).to.deep.equal([
      ...[[], [], [], [], ['moved h2 b h1'], [], []],
    ]);
  });

  it('is no move of machines that only have the same name', () => {
    const looks = [
      ['h1', [a]],
      ['h2', []],
      ['h2', [a]],
      ['h1', []],
      ['h1', []],
    ] as const;
    expect(told(looks.map(([name, all]) => [name, [...all]]))).to.deep.equal([
      ...[[], [], ['came h2 a'], [], ['gone h1 a']],
    ]);
  });

  it('is a state, and interfaces, which are told by their MAC addresses', () => {
    const changes = new MachineChanges();
    const [one, moved, two] = [vif('vnet0', 'm1'), vif('vnet7', 'm1', { bridge: 'br1' }), vif('vnet1', 'm2')];
    changes.see(host('h1', [machine('a', [one])]));
    const now = machine('a', [moved, two], { state: 'paused' });
    expect(changes.see(host('h1', [now]))).to.deep.equal([
      { change: 'state', host: 'h1', machine: 'a', was: 'running', state: 'paused' },
      { change: 'vifChanged', host: 'h1', machine: 'a', was: one, vif: moved },
      { change: 'vifCame', host: 'h1', machine: 'a', vif: two },
    ]);
    expect(changes.see(host('h1', [machine('a', [moved], { state: 'paused' })]))).to.deep.equal([
      { change: 'vifGone', host: 'h1', machine: 'a', vif: two },
    ]);
  });
});
