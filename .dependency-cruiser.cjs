'use strict';

// The layers of docs/architecture.md, "Import direction": what each may import beside itself.
const BASE = 'src/(errors|group-by|in-pieces|machine-interfaces|value-of)[.]ts$';
const LAYERS = {
  [BASE]: [],
  'src/units/': [BASE],
  'src/process/': [BASE, 'src/units/'],
  'src/mib/': [BASE, 'src/units/'],
  'src/statistics/': [],
  'src/html/': [],
  'src/iperf3/': [BASE, 'src/process/'],
  'src/manager/': [BASE, 'src/units/', 'src/process/', 'src/mib/'],
  'src/agent/': [BASE, 'src/units/', 'src/process/', 'src/mib/', 'src/iperf3/'],
  'src/lab/': [
    BASE,
    'src/units/',
    'src/process/',
    'src/statistics/',
    'src/iperf3/',
    'src/manager/model/',
    'src/manager/xml/',
  ],
  'src/demo/': [BASE, 'src/units/', 'src/process/', 'src/mib/', 'src/manager/', 'src/lab/'],
  'src/evaluation/': [BASE, 'src/units/', 'src/process/', 'src/statistics/', 'src/html/', 'src/lab/'],
  'src/bench/': ['src/'],
  'src/web/': [BASE, 'src/units/', 'src/process/', 'src/mib/', 'src/manager/'],
  'src/index[.]ts$': [BASE, 'src/units/', 'src/process/', 'src/mib/', 'src/manager/'],
  'src/cli/': ['src/'],
};

// Entries: nothing in src imports them.
const ENTRIES = [
  '^src/index[.]ts$',
  '^src/bench/main[.]ts$',
  '^src/cli/main[.]ts$',
  '^src/demo/main[.]ts$',
  '^src/evaluation/main[.]ts$',
  '^src/web/page/main[.]ts$',
];

// What computes alone.
const PURE =
  '^src/(manager/merge|manager/feasibility|manager/plan|manager/graph|mib|web/view|web/wire|units|statistics|html|evaluation/findings)/';

const anchored = (paths) => paths.map((path) => `^${path}`);

const layerRules = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `layer-${layer.replace(/^src\//, '').replace(/\W.*$/, '')}`,
  comment: `${layer} imports of src only: ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^${layer}` },
  to: { path: '^src/', pathNot: anchored([layer, ...allowed]) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'a-layer-for-each-file',
      comment: 'A new directory of src needs a line in LAYERS.',
      severity: 'error',
      from: { path: '^src/', pathNot: anchored(Object.keys(LAYERS)) },
      to: {},
    },
    {
      name: 'pure',
      comment:
        'Merging, judging, planning, graphs, what the page shows, the MIB, the units and statistics compute; they read and write nothing.',
      severity: 'error',
      from: {
        path: PURE,
      },
      to: {
        path: [
          '^src/process/',
          '^(node:)?(fs|fs/promises|child_process|dgram|http|https|os)$',
          '(^|/)node_modules/(net-snmp|execa|pino)/',
        ],
      },
    },
    {
      name: 'pure-but-for-addresses',
      comment: 'Of node:net, one file asks what is an address (isIPv4, isIPv6): that computes.',
      severity: 'error',
      from: { path: PURE, pathNot: '^src/units/ip-octets[.]ts$' },
      to: { path: '^(node:)?net$' },
    },
    {
      name: 'page',
      comment:
        "The page runs in a browser: it has the server's words (wire) and nothing else of the program.",
      severity: 'error',
      from: { path: '^src/web/page/' },
      to: {
        path: '.',
        pathNot: ['^src/web/(page|wire)/', '(^|/)node_modules/uplot/'],
      },
    },
    {
      name: 'wire',
      comment: 'What server and page tell each other is of neither.',
      severity: 'error',
      from: { path: '^src/web/wire/' },
      to: { path: '.', pathNot: '^src/web/wire/' },
    },
    {
      name: 'only-built-page',
      comment: 'The program serves the page as it was built, and imports nothing of it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/web/page/' },
      to: { path: '^src/web/page/' },
    },
    {
      name: 'not-from-tests',
      comment: 'The product does not need its tests.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-circular',
      comment: 'A cycle that a type-only import closes is gone when the program runs.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports and that imports nothing is dead.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: [...ENTRIES, '[.]d[.]ts$'] },
      to: {},
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'not-to-dev-dep',
      comment:
        'What the product imports must be installed with it. The evaluation is for checkouts, and not in the package; what the page imports is built into it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(bench|evaluation|web/page)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
    combinedDependencies: false,
  },
};
