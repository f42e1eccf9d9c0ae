import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { COMPACT } from '../../../src/agent/processes/give-back-memory.js';

describe('giving back memory', () => {
  it('uses a flag that V8 knows: one that it does not know it would tell of each time', () => {
    const flags = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
    expect(flags).to.contain(COMPACT);
  });
});
