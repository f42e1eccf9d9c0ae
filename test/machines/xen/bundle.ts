import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';

const REPOSITORY = resolve(import.meta.dirname, '../../..');

const OPTIONS: BuildOptions = {
  ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' },
  // For what is written in CommonJS.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
};

/** Of what is written in CommonJS and is loaded when it is needed, esbuild knows no names. */
const NAMED_PINO: Plugin = {
  name: 'named-pino',
  setup(plugin) {
    plugin.onResolve({ filter: /^pino$/ }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import' ? { path, namespace: 'named', pluginData: resolveDir } : undefined,
    );
    plugin.onLoad({ filter: /^/, namespace: 'named' }, ({ path, pluginData }) => ({
      contents: `export { pino } from '${path}';`,
      resolveDir: String(pluginData),
    }));
  },
};

/** Where dom0 has them, below a directory. */
export const PROGRAM = {
  netmgr: 'dist/cli/main.js',
  inDomains: 'in-domains.mjs',
  contract: 'contract.mjs',
} as const;

/**
 * Puts netmgr and programs of the test into a directory, each in one file or few: hundreds of modules, which Node looks for one by one,
 * take minutes in emulation.
 */
export async function bundlePrograms(directory: string): Promise<void> {
  await cp(join(REPOSITORY, 'package.json'), join(directory, 'package.json'));
  const dist = join(directory, 'dist/cli');
  await build({
    ...OPTIONS,
    entryPoints: [join(REPOSITORY, 'dist/cli/main.js')],
    splitting: true,
    plugins: [NAMED_PINO],
    outdir: dist,
  });
  await build({
    ...OPTIONS,
    entryPoints: ['in-domains', 'contract'].map((name) => join(import.meta.dirname, 'dom0', `${name}.ts`)),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
  });
}
