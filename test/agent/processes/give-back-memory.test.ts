import { expect } from 'chai';
import { COMPACT } from '../../../src/agent/processes/give-back-memory.js';
import { run } from '../../../src/process/run.js';

describe('giving back memory', () => {
  it('uses a flag that V8 knows: one that it does not know it would tell of each time', async () => {
    const { stdout } = await run([process.execPath, '--v8-options']);
    expect(stdout).to.contain(COMPACT);
  });
});
