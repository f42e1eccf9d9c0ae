import { expect } from 'chai';
import { NetmgrError } from '../../../src/errors.js';
import { decisionFromJson, decisionToJson } from '../../../src/manager/apply/decision-json.js';
import type { Decision } from '../../../src/manager/apply/decision.js';
import { decidedHost, decisionOf } from './decisions.js';

const DECISION: Decision = {
  ...decisionOf(decidedHost('host1'), decidedHost('host2', 7)),
  process: { pid: 4711, startTime: '815', boot: 'b0' },
  finished: [decidedHost('host3')],
};

const plain = (): Record<string, unknown> =>
  JSON.parse(JSON.stringify(decisionToJson(DECISION))) as Record<string, unknown>;

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
    expect(decision.finished.map(({ agent }) => agent.host)).to.deep.equal(['host3']);
    expect(decision.process).to.deep.equal(DECISION.process);
  });

  it('that nobody carries out comes back as that', () => {
    const decision = decisionFromJson(
      JSON.parse(JSON.stringify(decisionToJson({ ...DECISION, process: undefined }))),
    );
    expect(decision.process).to.equal(undefined);
  });

  it('of the first form is about hosts of whom nobody is known to have agreed', () => {
    const json = plain();
    json['hosts'] = (json['hosts'] as object[]).map((host) => ({ ...host, confirmedGeneration: undefined }));
    const { hosts } = decisionFromJson(JSON.parse(JSON.stringify(json)));
    expect(hosts.map(({ confirmedGeneration }) => confirmedGeneration)).to.deep.equal([0, 0]);
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
      ...['version', 'time', 'manager', 'environment', 'hosts', 'finished'].map((key) => ({
        ...plain(),
        [key]: null,
      })),
      { ...plain(), time: 'yesterday' },
      { ...plain(), process: 4711 },
      { ...plain(), process: { pid: '4711', startTime: '815', boot: 'b0' } },
      ...Object.keys(host).map((key) => ({ ...plain(), hosts: [{ ...host, [key]: null }] })),
      { ...plain(), hosts: [{ ...host, digest: '00'.repeat(32) }] },
      { ...plain(), hosts: [{ ...host, configuration: {} }] },
    ];
    for (const json of wrong) expect(refusal(json).kind, JSON.stringify(json)).to.equal('InvalidInput');
  });
});
