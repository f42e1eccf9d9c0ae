import { expect } from 'chai';
import { NetmgrError } from '../../../src/errors.js';
import { decisionFromJson, decisionToJson } from '../../../src/manager/apply/decision-json.js';
import { decidedHost, decisionOf } from './decisions.js';

const plain = (): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify(decisionToJson(decisionOf(decidedHost('host1'), decidedHost('host2', 7)))),
  ) as Record<string, unknown>;

const refusal = (json: unknown): NetmgrError => {
  try {
    decisionFromJson(json);
  } catch (error) {
    if (error instanceof NetmgrError) return error;
    throw error;
  }
  throw new Error('it was read');
};

describe('a decision as plain data', () => {
  it('comes back as it was', () => {
    const decision = decisionFromJson(plain());
    expect(decisionToJson(decision)).to.deep.equal(plain());
    expect(decision.hosts.map(({ configuration }) => configuration.size)).to.deep.equal([1, 1]);
  });

  it('of a later version is left to that version', () => {
    expect(refusal({ ...plain(), version: 2 }).kind).to.equal('Conflict');
  });

  it('is refused if anything of it is not what it should be', () => {
    const host = (plain()['hosts'] as Record<string, unknown>[])[0] ?? {};
    const wrong: unknown[] = [
      null,
      [],
      'text',
      ...['version', 'time', 'manager', 'environment', 'hosts'].map((key) => ({ ...plain(), [key]: null })),
      { ...plain(), time: 'yesterday' },
      ...Object.keys(host).map((key) => ({ ...plain(), hosts: [{ ...host, [key]: null }] })),
      { ...plain(), hosts: [{ ...host, digest: '00'.repeat(32) }] },
      { ...plain(), hosts: [{ ...host, configuration: {} }] },
    ];
    for (const json of wrong) expect(refusal(json).kind, JSON.stringify(json)).to.equal('InvalidInput');
  });
});
