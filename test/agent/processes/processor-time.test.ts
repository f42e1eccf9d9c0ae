import { expect } from 'chai';
import { processorTime, processorTimeIn } from '../../../src/agent/processes/processor-time.js';
import { run } from '../../../src/process/run.js';

describe('the time of the processor', () => {
  it('is that of the process and of those it has started, whatever its name', () => {
    const stat = '42 (a) b (c) S 1 42 42 0 -1 4194560 100 200 0 0 150 50 25 75 20 0 1 0 12345 1000 100';
    expect(processorTimeIn(stat)).to.equal(3);
  });

  it('grows by what a program has used', async () => {
    const before = processorTime();
    await run([
      process.execPath,
      '-e',
      'const end = process.cpuUsage().user + 2e5; while (process.cpuUsage().user < end);',
    ]);
    expect(processorTime() - before).to.be.at.least(0.15);
  });
});
