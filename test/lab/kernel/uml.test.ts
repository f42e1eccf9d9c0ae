import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { openUmlRegisters } from '../../../src/lab/kernel/uml-registers.js';
import { startUml } from '../../../src/lab/kernel/uml.js';
import { INSIDE_MAIN } from '../../../src/lab/make-job.js';
import { requireBuild } from '../lab-process.js';

/** The processes that have the mark in their environment, those that only wait to be forgotten apart. */
function processesOf(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
      } catch {
        return false;
      }
    });
}

describe('startUml', () => {
  before(function () {
    requireBuild();
    if (existsSync('/usr/bin/linux.uml')) return;
    process.stderr.write('NOT TESTED: User-Mode Linux kernels: no linux.uml\n');
    this.skip();
  });

  it('ends all processes of a kernel at once, without its help', async () => {
    const registers = await openUmlRegisters();
    const mark = randomUUID();
    process.env['NETMGR_UML_TEST'] = mark;
    const kernel = startUml(
      { node: process.execPath, main: INSIDE_MAIN, terminal: false },
      { memory: '256M', registers },
    );
    delete process.env['NETMGR_UML_TEST'];
    if (registers !== undefined) closeSync(registers);
    // Its inside says hello.
    await once(kernel.control, 'data');
    expect(processesOf(mark).length).to.be.greaterThan(3);
    kernel.kill();
    await kernel.process.ended;
    // We have not closed the line to the inside, which would have told it to end.
    for (let tries = 0; processesOf(mark).length > 0 && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(processesOf(mark)).to.deep.equal([]);
    kernel.control.destroy();
  });
});
