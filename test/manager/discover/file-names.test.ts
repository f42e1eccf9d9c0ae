import { expect } from 'chai';
import fc from 'fast-check';
import {
  fileName,
  nameMachines,
  vagrantName,
  type Unnamed,
} from '../../../src/manager/discover/file-names.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const kvm = (name: string, on = 'h1', more: Partial<Unnamed> = {}): Unnamed => ({
  ...{ host: on, name, isFoundOtherwise: true, mayBeVagrant: true },
  ...more,
});
const bound = (name: string, on: string): Unnamed =>
  kvm(name, on, { isFoundOtherwise: false, mayBeVagrant: false });

describe('names of machines in a file', () => {
  it('are those of their hosts, where a file can hold them', () => {
    expect(nameMachines([kvm('web'), kvm('db-1.a')], new Set())).to.deep.equal(['web', 'db-1.a']);
    expect(nameMachines([bound('web_1', 'h1')], new Set())).to.deep.equal(['web_1']);
  });

  it('are mapped where it cannot', () => {
    expect(fileName('a&<b>"\u0007', 'x')).to.equal('a-b');
    expect(fileName('Wéb Sërver (1)', 'x')).to.equal('We-b-Se-rver-1');
    expect(fileName('$(reboot)', 'x')).to.equal('reboot');
    expect(fileName('日本', 'x')).to.equal('x');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fileName(text, 'x')).to.match(NAME);
      }),
    );
  });

  it('are Vagrant’s where they can mean no other machine', () => {
    expect(nameMachines([kvm('proj_web'), kvm('proj_db', 'h2')], new Set())).to.deep.equal(['web', 'db']);
    expect(nameMachines([kvm('box_default')], new Set())).to.deep.equal(['box']);
    const twice = [kvm('one_web'), kvm('two_web', 'h2')];
    expect(nameMachines(twice, new Set())).to.deep.equal(['one_web', 'two_web']);
    expect(nameMachines([kvm('proj_web'), kvm('web')], new Set())).to.deep.equal(['proj_web', 'web']);
    expect(nameMachines([kvm('proj_web')], new Set(['web']))).to.deep.equal(['proj_web']);
    for (const name of ['web', '_web', 'proj_', 'a b_web', 'proj_1'])
      expect(vagrantName(name)).to.equal(undefined);
  });

  it('have their host where several have the same, in whatever order', () => {
    const machines = [kvm('web'), kvm('web', 'h2'), kvm('db')];
    expect(nameMachines(machines, new Set())).to.deep.equal(['web-h1', 'web-h2', 'db']);
    expect(nameMachines([...machines].reverse(), new Set())).to.deep.equal(['db', 'web-h2', 'web-h1']);
    expect(nameMachines([kvm('a b'), kvm('a&b')], new Set())).to.deep.equal(['a-b-h1', 'a-b-h1-2']);
  });

  it('are none where a machine is found by its own alone, and that is taken', () => {
    expect(nameMachines([bound('web', 'h1'), bound('web', 'h2')], new Set())).to.deep.equal([
      undefined,
      undefined,
    ]);
    expect(nameMachines([bound('a b', 'h1')], new Set())).to.deep.equal([undefined]);
  });

  it('are never the same twice, and always such that a file can hold them', () => {
    const name = fc.oneof(
      fc.constantFrom('web', 'x_web', 'y_web', 'web-h1', 'web-h2', 'web-h1-2', 'a b'),
      fc.string(),
    );
    const any = fc.tuple(name, fc.constantFrom('h1', 'h2', 'ü'), fc.boolean());
    fc.assert(
      fc.property(fc.array(any), fc.uniqueArray(name), (all, taken) => {
        const machines = all.map(([own, on, isFoundOtherwise]) => kvm(own, on, { isFoundOtherwise }));
        const names = nameMachines(machines, new Set(taken)).filter((each) => each !== undefined);
        expect(new Set([...names, ...taken]).size).to.equal(names.length + taken.length);
        for (const each of names) expect(each).to.match(NAME);
      }),
      { numRuns: 500 },
    );
  });
});
