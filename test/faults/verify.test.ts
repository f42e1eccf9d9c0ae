import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { LAB_DIRECTORY, LiveLab, skipWithoutRoot } from '../integration/live-lab.js';
import { sampled, skipInSample } from '../sample.js';
import { SABOTAGES } from './sabotages.js';
import { REAL, VIRTUAL } from './sabotaged-lab.js';
import { nameOf, wayOf, type Report } from './verify-report.js';

describe('netmgr verify', function () {
  this.timeout(180_000);
  const directory = mkdtempSync(join(tmpdir(), 'netmgr-verify-'));
  const real = join(directory, 'real.xml');
  const virtual = join(directory, 'virtual.xml');
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'verify');
    writeFileSync(real, REAL);
    writeFileSync(virtual, VIRTUAL);
    lab = await LiveLab.start([real]);
    await lab.manage('apply', real, virtual);
  });

  after(async () => {
    await (lab as LiveLab | undefined)?.stop();
    rmSync(directory, { recursive: true });
  });

  const verify = async (
    ...args: readonly string[]
  ): Promise<{ exitCode: number; report: Report; stdout: string }> => {
    const { exitCode, stdout } = await lab.try(['netmgr', 'verify', real, virtual, '--json', ...args]);
    return { exitCode, stdout, report: JSON.parse(stdout) as Report };
  };

  /** What of a report is not as asked. */
  const found = ({ hosts, reach, measurements }: Report): object => ({
    reach: [...new Set(reach.findings.map(wayOf))].sort(),
    bandwidth: measurements
      .filter(({ verdict }) => verdict !== 'holds')
      .map(wayOf)
      .sort(),
    hosts: hosts.filter(({ drift, errors }) => drift.length + errors.length > 0).map(({ host }) => host),
  });

  it('has nothing to say of a network that nobody touched', async () => {
    const { exitCode, report, stdout } = await verify();
    expect(found(report), stdout).to.deep.equal({ reach: [], bandwidth: [], hosts: [] });
    expect([exitCode, report.holds]).to.deep.equal([0, true]);
    expect(report.measurements.map(wayOf).sort()).to.deep.equal([
      ...['na > pa', 'pa > pb', 'pa > pc', 'pb > pa', 'pb > pc', 'pc > pa', 'pc > pb'],
    ]);
  });

  it('names an agent that is dead, and what could not be measured for it, and measures the others', async function () {
    skipInSample(this, 'verify with a dead agent');
    const [pid = ''] = (await lab.read(`${LAB_DIRECTORY}/agents/host2/snmpd/snmpd.pid`)).split(/\s/);
    await lab.run('kill', '-STOP', pid);
    try {
      const { exitCode, report, stdout } = await verify();
      expect(exitCode).to.equal(1);
      const [alive, dead] = report.hosts;
      expect([alive?.errors, alive?.drift]).to.deep.equal([[], []]);
      expect(dead?.errors[0]?.message).to.match(/does not answer/);
      // Those who could not be told to ask or to answer; of the others each answers as ever.
      const { findings } = report.reach;
      const ofHost2 = ['nb', 'nc', 'pb'];
      expect(
        findings.every(({ failure }) => failure !== undefined),
        stdout,
      ).to.equal(true);
      expect(
        findings.every(({ from, to }) => [from, to].some((path) => ofHost2.includes(nameOf(path)))),
        stdout,
      ).to.equal(true);
      expect(new Set(findings.map(({ from }) => nameOf(from)))).to.include.keys(ofHost2);
      const known = report.measurements.filter(({ verdict }) => verdict !== 'unknown');
      expect(known.map(wayOf).sort()).to.deep.equal(['na > pa', 'pa > pc', 'pc > pa']);
      expect(known.every(({ verdict }) => verdict === 'holds')).to.equal(true);
    } finally {
      await lab.run('kill', '-CONT', pid);
    }
  });

  describe('names what is wrong, and nothing else:', () => {
    for (const sabotage of sampled(SABOTAGES, 1)) {
      const { what, commands, reach = [], bandwidth = [], drift = {}, undo = [] } = sabotage;
      it(what, async () => {
        for (const [host, words] of commands) await lab.at(host, words);
        try {
          const { exitCode, report, stdout } = await verify();
          expect(found(report), stdout).to.deep.equal({
            reach: [...reach].sort(),
            bandwidth: [...bandwidth].sort(),
            hosts: Object.keys(drift),
          });
          expect(exitCode).to.equal(1);
          for (const { host, drift: told } of report.hosts) {
            expect(told.map(({ text }) => text).join('\n')).to.include(drift[host] ?? '');
          }
        } finally {
          for (const [host, words] of undo) await lab.at(host, words);
          await lab.manage('apply', real, virtual);
        }
      });
    }
  });
});
