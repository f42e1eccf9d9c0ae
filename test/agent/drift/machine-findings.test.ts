import { expect } from 'chai';
import type { Drift } from '../../../src/agent/drift/drift.js';
import { MachineFindings } from '../../../src/agent/drift/machine-findings.js';

const NAMES = Array.from({ length: 100 }, (_, i) => `m${String(i).padStart(3, '0')}`);
const drift = (repairable: boolean): Drift => ({ what: 'machine', vif: 'v', text: 'differs', repairable });

describe('the machines that an examination looks into', () => {
  it('are all that it is about, however many, and some that something is wrong in', () => {
    const findings = new MachineFindings();
    findings.take(NAMES, new Map([['m099', [drift(false)]]]));
    expect([...findings.choose(NAMES, NAMES.slice(0, 80), false)]).to.deep.equal(NAMES.slice(0, 80));
    expect([...findings.choose(NAMES, ['m001'], false)]).to.deep.equal(['m001', 'm099']);
  });

  it('go on by turns where there is room', () => {
    const findings = new MachineFindings();
    const rounds = Array.from({ length: 4 }, () => [...findings.choose(NAMES, [], true)]);
    expect(new Set(rounds.flat()).size).to.equal(NAMES.length);
  });

  it('can be put right where anything in them can', () => {
    const findings = new MachineFindings();
    findings.take(
      NAMES,
      new Map([
        ['m000', [drift(false), drift(true)]],
        ['m001', [drift(false)]],
      ]),
    );
    expect(NAMES.filter((name) => findings.isRepairable(name))).to.deep.equal(['m000']);
  });
});
