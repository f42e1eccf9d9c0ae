import { expect } from 'chai';
import { formatTable } from '../../../src/cli/output/table.js';
import { watchJson, watchText } from '../../../src/cli/output/watch-text.js';
import { NetmgrError } from '../../../src/errors.js';
import type { HostStatus } from '../../../src/manager/host-status.js';
import type { LinkNow, NetworkState } from '../../../src/manager/monitor/network-state.js';

const link = (vif: string, peerName: string, more: Partial<LinkNow>): LinkNow => ({
  ...{ host: 'host1', from: undefined, to: undefined, flowing: undefined },
  row: { vif, vifName: vif, peerName, bandwidth: 8000, probeRttAvg: 0, oper: 'applied' } as LinkNow['row'],
  ...more,
});

const STATE: NetworkState = {
  time: new Date('2026-01-31T12:00:00Z'),
  hosts: [
    {
      name: 'host1',
      cfg: { state: 'idle', runningLabel: 'grid', driftCount: 1 },
      summary: { vifs: 2, vifsApplied: 1, links: 3, linksApplied: 3 },
      drift: [{ text: 'vif2.0 is \u001b[31mred' }],
    } as unknown as HostStatus,
    { name: 'host2', errors: [new NetmgrError({ kind: 'Unreachable', message: 'no answer' })] },
  ],
  vifs: [],
  links: [
    link('vif1.0', '10.2.0.0/16', { flowing: { rate: 1000, drops: 0 } }),
    link('vif1.0', '10.1.0.1/32', { from: 'A/pa', to: 'B/pb', flowing: { rate: 1, drops: 0 } }),
    link('vif1.0', 'fd00:1::1/128', { from: 'A/pa', to: 'B/pb', flowing: { rate: 4e6, drops: 2.4 } }),
  ],
};

describe('what is watched', () => {
  it('has the busiest ways first, each once, with what passes and what share that is', () => {
    const lines = watchText(STATE, 40, formatTable).split('\n');
    expect(lines.map((line) => line.split(/ {2,}/)).slice(-2)).to.deep.equal([
      ['A/pa → B/pb', '8mbit', '4mbit', '50 %', '2', '-', 'applied'],
      ['10.2.0.0/16 → vif1.0', '8mbit', '1kbit', '0 %', '0', '-', 'applied'],
    ]);
    expect(lines.join('\n'))
      .to.match(/^host2 +no answer$/m)
      .and.to.include('! host1: vif2.0 is ?[31mred');
  });

  it('has as many ways as there is room for', () => {
    const many = Array.from({ length: 30 }, (_, i) => link('vif1.0', `10.2.0.${String(i)}/32`, {}));
    const lines = watchText({ ...STATE, links: many }, 24, formatTable).split('\n');
    expect(lines.length).to.be.at.most(24);
    expect(lines.at(-1)).to.match(/^and \d+ more with less traffic$/);
  });

  it('is a line of JSON for programs', () => {
    const { hosts, links } = JSON.parse(watchJson(STATE)) as Record<
      'hosts' | 'links',
      Record<string, unknown>[]
    >;
    expect(hosts.map(({ name, driftCount }) => [name, driftCount])).to.deep.equal([
      ['host1', 1],
      ['host2', undefined],
    ]);
    expect(links[0]).to.deep.include({ from: 'A/pa', to: 'B/pb', bandwidth: 8e6, rate: 4e6, drops: 2.4 });
  });
});
