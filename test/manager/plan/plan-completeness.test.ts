import { expect } from 'chai';
import fc from 'fast-check';
import type { EnvironmentComponent } from '../../../src/manager/components/environment-component.js';
import { diffConfigurations } from '../../../src/manager/plan/diff-configurations.js';
import { joinChanges } from '../../../src/manager/plan/join-changes.js';
import { planHosts } from '../../../src/manager/plan/plan-host.js';
import { parseVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';
import { merged, realXml, virtualXml } from '../merge/environments.js';

const REAL = realXml([
  ['ap', 'a1', 'a2', 'bp'],
  ['b1', 'b2', 'cp', 'c1'],
]);

const one = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const rate = one(
  ...['', 'bandwidth="1mbit"', 'bandwidth="2mbit" burst="9000B"', 'bandwidth="2mbit"'],
  ...['bandwidth="2mbit" queue="20packets"', 'bandwidth="2mbit" framing="ethernet"'],
);
const delay = one(
  ...['', 'latency="5ms"', 'latency="5ms" jitter="1ms"', 'latency="5ms" jitter="1ms" jitter-reorders="true"'],
  ...['latency="5ms" jitter="1ms" distribution="normal"', 'latency="5ms" limit="7"'],
);
const fate = one(
  ...[
    '',
    'loss="1%"',
    'loss="1%" loss-correlation="25%"',
    'gemodel-p="2%"',
    'gemodel-p="2%" gemodel-good="1%"',
  ],
  ...['corrupt="1%"', 'duplicate="1%"', 'state="down"'],
);

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

/** What a file of two sites is made of. */
const pieces = fc.record({
  ...{ a: site('a', 1), b: site('b', 2), rules: fc.uniqueArray(rule, { maxLength: 3 }) },
  ...{ rate, delay, fate, nodes: fc.option(delay) },
});
type Pieces = typeof pieces extends fc.Arbitrary<infer T> ? T : never;

const textOf = ({ a, b, rules, rate: r, delay: d, fate: f, nodes }: Pieces): string =>
  virtualXml(
    [
      ...[a, b, ...rules],
      `<link from="a" to="b" ${r} ${d} ${f}/>`,
      nodes === null ? '' : `<link from="a1" to="b1" ${nodes}/>`,
    ].join(''),
  );

/** Two files that differ in one piece: where several do, one of them could be left out and nobody see it. */
const pairs = fc
  .tuple(pieces, pieces, fc.constantFrom('a', 'b', 'rules', 'rate', 'delay', 'fate', 'fate', 'nodes'))
  .map(([before, other, piece]) => [textOf(before), textOf({ ...before, [piece]: other[piece] })] as const);

const tryMerge = (virtual: string): Promise<EnvironmentComponent | undefined> =>
  merged(REAL, virtual).catch(() => undefined);

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
      { numRuns: 1000 },
    );
    expect(compared).to.be.greaterThan(100);
  });
});
