import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { verdictLine } from '../../src/demo/verdict.js';
import { run } from '../../src/process/run.js';
import { skipInSample } from '../sample.js';

const MAIN = fileURLToPath(new URL('../../dist/demo/main.js', import.meta.url));
const REAL = 'fixtures/real-env/pair.xml';

describe('the demo', function () {
  this.timeout(300_000);

  it('ends with one line of a known form', () => {
    expect(
      verdictLine({
        ...{ machines: 32, pairs: 992, wrong: 0 },
        ...{ bandwidthError: 0.0042, latencyError: 0.23, applied: 1.91 },
      }),
    ).to.equal(
      'demo: 32 machines, 992 pairs probed, 0 wrong; worst bandwidth error 0.4 %, worst latency error 0.2 ms; applied in 1.9 s',
    );
  });

  // The first needs NetEm, for which most machines that build this need a slow kernel of their own; the second does not.
  for (const virtual of ['fixtures/virtual-env/pair.xml', 'fixtures/virtual-env/pair-bandwidth.xml']) {
    it(`applies, measures and removes ${virtual}, and finds nothing wrong with the network`, async function () {
      skipInSample(this, 'the demo');
      if (!existsSync(MAIN)) throw new Error('build first: npm run build');
      const { stdout, stderr } = await run([process.execPath, MAIN, REAL, virtual], {
        timeout: 280_000,
        // How exact a busy machine measures is not what this test is about.
        accept: [0, 1],
      });
      const last = stdout.trimEnd().split('\n').at(-1);
      expect(last, stderr).to.match(
        /^demo: 4 machines, 12 pairs probed, 0 wrong; worst bandwidth error \d+\.\d %, worst latency error \d+\.\d ms; applied in \d+\.\d s$/,
      );
      expect(stdout).to.include('nothing to do').and.to.include('Nothing is left');
      expect(stdout).to.include('12 of 12 ordered pairs reach each other');
    });
  }

  it('needs both files or none', async () => {
    const { exitCode, stderr } = await run([process.execPath, MAIN, REAL], { accept: [1] });
    expect(exitCode).to.equal(1);
    expect(stderr).to.include('both files');
  });
});
