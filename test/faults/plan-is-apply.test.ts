import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { changesWithInput, type Ran } from '../integration/commands.js';
import { differencesOf, dumpKernel, withoutNumbers, type Dump } from '../integration/kernel-dump.js';
import { LiveLab, skipWithoutRoot } from '../integration/live-lab.js';
import { pieces, RANDOM_REAL, textOf, withoutNetem } from '../manager/plan/random-environments.js';
import { isAll } from '../sample.js';

const HOSTS = ['h1', 'h2'];
const MACHINES = ['ap', 'a1', 'a2', 'bp', 'b1', 'b2'];
/** How many files are planned and applied one after the other. */
const FILES = isAll ? 60 : 1;

interface PlanJson {
  readonly ok: boolean;
  readonly hosts: readonly {
    readonly host: string;
    readonly rows: number;
    readonly commands: readonly Ran[];
  }[];
}

const textOfCommand = ({ command, input }: Ran): string => `${command}\n${input}`;

describe('a plan of random files', function () {
  this.timeout(isAll ? 1_800_000 : 300_000);
  let lab: LiveLab;
  let real: string;

  before(async function () {
    skipWithoutRoot(this, 'plan and apply');
    const directory = mkdtempSync(join(tmpdir(), 'netmgr-plan-'));
    real = join(directory, 'real.xml');
    writeFileSync(real, RANDOM_REAL.replace('env:LAB', 'env:NETMGR_LAB'));
    lab = await LiveLab.start([real]);
  });

  after(async () => {
    await (lab as LiveLab | undefined)?.stop();
    rmSync(dirname(real), { recursive: true, force: true });
  });

  /** Without the numbers of classes: what stays keeps its own, and a plan that finds nothing to do has compared what leads to them. */
  const dump = async (): Promise<Dump> =>
    Object.fromEntries(
      Object.entries(withoutNumbers(await dumpKernel(lab, HOSTS, MACHINES), HOSTS)).map(
        ([command, lines]) => [
          command,
          lines
            .map((line) => line.replace(/4e4d:[0-9a-f]+/g, '4e4d:M').replace(/\b40[0-9a-f]{2}:/g, '40MM:'))
            .sort(),
        ],
      ),
    );

  it('is what apply then does: its rows, its commands, and what the kernels have at the end', async () => {
    const virtual = `${lab.directory}/virtual.xml`;
    let applied = 0;
    // This machine's kernel may have no NetEm.
    for (const text of fc.sample(pieces, { numRuns: FILES * 20 }).map((one) => withoutNetem(textOf(one)))) {
      if (applied === FILES) break;
      await lab.write(virtual, text);
      const planned = await lab.try(['netmgr', 'plan', real, virtual, '--commands', '--json']);
      // Not all random files fit.
      if (planned.exitCode === 1) continue;
      applied++;
      const { hosts } = JSON.parse(planned.stdout) as PlanJson;
      const before = await Promise.all(HOSTS.map(async (host) => (await lab.log(host)).length));
      const { rows } = await lab.manage('apply', real, virtual);
      expect(rows, text).to.deep.equal(Object.fromEntries(hosts.map((host) => [host.host, host.rows])));
      for (const [i, host] of HOSTS.entries()) {
        const ran = changesWithInput((await lab.log(host)).slice(before[i]));
        expect(hosts[i]?.commands.map(textOfCommand), `${host} with ${text}`).to.deep.equal(
          ran.map(textOfCommand),
        );
      }
      const again = await lab.try(['netmgr', 'plan', real, virtual]);
      expect([again.exitCode, again.stdout], text).to.deep.equal([0, 'nothing to do\n']);
      const kernels = await dump();
      await lab.manage('destroy', real);
      await lab.manage('apply', real, virtual);
      expect(differencesOf(await dump(), kernels), text).to.deep.equal([]);
    }
    expect(applied).to.equal(FILES);
  });
});
