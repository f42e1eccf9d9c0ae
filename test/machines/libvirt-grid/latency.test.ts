import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startAttached } from '../../../src/process/start-attached.js';
import { fixture, UML_LAB } from '../../integration/live-lab.js';
import { requireBuild } from '../../lab/lab-process.js';
import { skipInSample } from '../../sample.js';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const MOCHA = fileURLToPath(new URL('../../../node_modules/mocha/bin/mocha.js', import.meta.url));
const INSIDE = fileURLToPath(new URL('inside-latency.ts', import.meta.url));
/** Six guests, and two libvirts. */
const MEMORY = '6G';

describe('latency of libvirt guests in a kernel that has NetEm', function () {
  this.timeout(1_800_000);

  it('is as the file says wherever they are', async function () {
    skipInSample(this, 'latency of guests that move', 'test:machines');
    requireBuild();
    const lab = startAttached(
      [
        ...[process.execPath, ...UML_LAB, '--no-agents', '--memory', MEMORY, fixture('real-env/pair.xml')],
        ...['--', process.execPath, MOCHA, '--spec', INSIDE],
      ] as [string, ...string[]],
      { stdio: ['ignore', 'inherit', 'inherit'], cwd: REPOSITORY },
    );
    expect(await lab.ended).to.include({ exitCode: 0 });
  });
});
