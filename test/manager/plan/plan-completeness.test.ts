import { expect } from 'chai';
import fc from 'fast-check';
import type { EnvironmentComponent } from '../../../src/manager/components/environment-component.js';
import { diffConfigurations } from '../../../src/mib/diff-configurations.js';
import { joinChanges } from '../../../src/manager/plan/join-changes.js';
import { planHosts } from '../../../src/manager/plan/plan-host.js';
import { parseVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';
import { isAll } from '../../sample.js';
import { merged } from '../merge/environments.js';
import { pieces, RANDOM_REAL, textOf } from './random-environments.js';

/** Two files that differ in one piece: where several do, one of them could be left out and nobody see it. */
const pairs = fc
  .tuple(pieces, pieces, fc.constantFrom('a', 'b', 'rules', 'rate', 'delay', 'fate', 'fate', 'nodes'))
  .map(([before, other, piece]) => [textOf(before), textOf({ ...before, [piece]: other[piece] })] as const);

const PAIRS = isAll ? 1000 : 300;

const tryMerge = (virtual: string): Promise<EnvironmentComponent | undefined> =>
  merged(RANDOM_REAL, virtual).catch(() => undefined);

describe('a plan of random files', () => {
  it('says something of each host exactly where a row of it differs', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(pairs, async ([before, after]) => {
        const [was, wanted] = [await tryMerge(before), await tryMerge(after)];
        if (was === undefined || wanted === undefined) return;
        compared++;
        const hosts = wanted.hosts.map((host, i) => ({
          wanted: host,
          observed: (was.hosts[i] ?? host).configuration,
        }));
        const { environment: virtual } = await parseVirtualEnvironment(after, 'after.xml');
        const plans = planHosts(hosts, virtual);
        const joined = joinChanges(plans);
        for (const [i, { host, rows, changes }] of plans.entries()) {
          const { observed, wanted: component } = hosts[i] ?? {};
          if (observed === undefined || component === undefined) throw new Error(host);
          expect(rows).to.equal(diffConfigurations(observed, component.configuration).length);
          expect(changes.length > 0, `${host} from ${before} to ${after}`).to.equal(rows > 0);
          expect(joined.some((change) => change.hosts.includes(host))).to.equal(rows > 0);
        }
      }),
      { numRuns: PAIRS },
    );
    expect(compared).to.be.greaterThan(PAIRS / 10);
  });
});
