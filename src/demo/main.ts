import { fileURLToPath } from 'node:url';
import { chooseKernel } from '../lab/kernel/choose-kernel.js';
import { needsOf } from '../lab/kernel/needs.js';
import { startLab } from '../lab/start-lab.js';
import { readVirtualEnvironment } from '../manager/xml/read-virtual-environment.js';
import { runMain } from '../process/run-main.js';

// `npm run demo [-- REAL VIRTUAL]`: the demo in a lab of its own.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DEFAULT_FILES = ['fixtures/real-env/grid.xml', 'fixtures/virtual-env/grid.xml'] as const;

async function main(files: readonly string[]): Promise<number> {
  const [real, virtual] = files.length === 0 ? DEFAULT_FILES : files;
  if (real === undefined || virtual === undefined) {
    process.stderr.write('Give both files, or none: npm run demo -- real.xml virtual.xml\n');
    return 1;
  }
  if (files.length === 0) process.chdir(ROOT);
  const { environment } = await readVirtualEnvironment(virtual);
  // The lab does not get the virtual file, which the demo applies itself, so it cannot know what kernel that needs.
  const kernel = await chooseKernel('auto', needsOf(environment));
  const lab = startLab({
    ...{ kernel, real, stdout: 'inherit' },
    command: [process.execPath, `${ROOT}dist/demo/inside.js`, real, virtual],
  });
  const { exitCode, notStarted } = await lab.ended;
  if (notStarted !== undefined) process.stderr.write(`${notStarted}\n`);
  return exitCode ?? 1;
}

await runMain(main);
