import { expect } from 'chai';
import fc from 'fast-check';
import type { EnvironmentComponent } from '../../../src/manager/components/environment-component.js';
import { diffConfigurations } from '../../../src/manager/plan/diff-configurations.js';
import { joinChanges } from '../../../src/manager/plan/join-changes.js';
import { planHosts } from '../../../src/manager/plan/plan-host.js';
import { merged, realXml, virtualXml } from '../merge/environments.js';

const REAL = realXml([
  ['ap', 'a1', 'a2', 'bp'],
  ['b1', 'b2', 'cp', 'c1'],
]);

const one = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const line = fc
  .tuple(
    one('', 'bandwidth="1mbit"', 'bandwidth="2mbit" burst="9000B"', 'bandwidth="2mbit" queue="20packets"'),
    one(
      '',
      'latency="5ms"',
      'latency="5ms" jitter="1ms"',
      'latency="9ms" jitter="1ms" distribution="normal"',
    ),
    one(
      '',
      'loss="1%"',
      'loss="1%" loss-correlation="25%"',
      'gemodel-p="2%"',
      'corrupt="1%"',
      'state="down"',
    ),
  )
  .map((parts) => parts.join(' '));

const access = fc.oneof(
  fc.constant(''),
  one('<access bandwidth="8mbit"/>', '<access latency="1ms" mtu="1400B"/>'),
);

const site = (name: string, number: number): fc.Arbitrary<string> =>
  fc
    .record({
      policy: one('proxy', 'open', 'isolated', 'routed'),
      second: fc.boolean(),
      moved: fc.boolean(),
      access,
    })
    .map(
      ({ policy, second, moved, access: own }) =>
        `<site name="${name}" network="10.${String(number)}.0.0/16" policy="${policy}">
           <node vm="${name}p" address="10.${String(number)}.0.1" role="proxy"/>
           <node vm="${name}1" address="10.${String(number)}.0.${moved ? '12' : '11'}"/>
           ${second ? `<node vm="${name}2" address="10.${String(number)}.0.21"/>` : ''}${own}
         </site>`,
    );

const rule = one(
  '<allow from="a" to="b" protocol="tcp" port="80"/>',
  '<deny from="a/a1" to="b"/>',
  '<allow from="b/b1" to="any"/>',
  '<deny from="b" to="a" protocol="icmp"/>',
);

/** Files of two sites, most of which can be merged. */
const files = fc
  .tuple(
    ...([site('a', 1), site('b', 2)] as const),
    fc.option(line),
    fc.option(line),
    fc.uniqueArray(rule, { maxLength: 3 }),
  )
  .map(([a, b, sites, nodes, rules]) =>
    virtualXml(
      [
        ...[a, b, ...rules],
        sites === null ? '' : `<link from="a" to="b" ${sites}/>`,
        nodes === null ? '' : `<link from="a1" to="b1" ${nodes}/>`,
      ].join(''),
    ),
  );

const tryMerge = (virtual: string): Promise<EnvironmentComponent | undefined> =>
  merged(REAL, virtual).catch(() => undefined);

describe('a plan of random files', () => {
  it('says something of each host exactly where a row of it differs', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(files, files, async (before, after) => {
        const [was, wanted] = [await tryMerge(before), await tryMerge(after)];
        if (was === undefined || wanted === undefined) return;
        compared++;
        const hosts = wanted.hosts.map((host, i) => ({
          wanted: host,
          observed: (was.hosts[i] ?? host).configuration,
        }));
        const plans = planHosts(hosts, undefined);
        const joined = joinChanges(plans);
        for (const [i, { host, rows, changes }] of plans.entries()) {
          const { observed, wanted: component } = hosts[i] ?? {};
          if (observed === undefined || component === undefined) throw new Error(host);
          expect(rows).to.equal(diffConfigurations(observed, component.configuration).length);
          expect(changes.length > 0, `${host} from ${before} to ${after}`).to.equal(rows > 0);
          expect(joined.some((change) => change.hosts.includes(host))).to.equal(rows > 0);
        }
      }),
      { numRuns: 300 },
    );
    expect(compared).to.be.greaterThan(50);
  });
});
