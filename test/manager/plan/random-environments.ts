import fc from 'fast-check';
import { realXml, virtualXml } from '../merge/environments.js';

/** Two hosts with machines for the nodes of {@link pieces}. */
export const RANDOM_REAL = realXml([
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
export const pieces = fc.record({
  ...{ a: site('a', 1), b: site('b', 2), rules: fc.uniqueArray(rule, { maxLength: 3 }) },
  ...{ rate, delay, fate, nodes: fc.option(delay) },
});
export type Pieces = typeof pieces extends fc.Arbitrary<infer T> ? T : never;

/** The file that the pieces are. */
export const textOf = ({ a, b, rules, rate: r, delay: d, fate: f, nodes }: Pieces): string =>
  virtualXml(
    [
      ...[a, b, ...rules],
      `<link from="a" to="b" ${r} ${d} ${f}/>`,
      nodes === null ? '' : `<link from="a1" to="b1" ${nodes}/>`,
    ].join(''),
  );

/** What needs NetEm, which not every kernel has. */
const NETEM =
  / ?(latency|jitter|jitter-reorders|distribution|limit|loss|loss-correlation|gemodel-\w+|corrupt|duplicate|state)="[^"]*"/g;

/** The same file without what NetEm would do. */
export const withoutNetem = (text: string): string => text.replace(NETEM, '');
