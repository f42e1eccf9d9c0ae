import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { skipInSample } from '../sample.js';
import { requireBuild } from '../lab/lab-process.js';
import { withUdpFlow } from './flow.js';
import { LiveLab, UML_LAB } from './live-lab.js';
import { oneHost, siteOf } from './one-host.js';

/** A User-Mode Linux kernel takes seconds for an apply. */
const CHANGES = 6;

const environment = (own: string, other: string): string => `<?xml version="1.0"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="load">
  ${[1, 2, 3].map(siteOf).join('\n  ')}
  <link from="site1" to="site2" ${own}/>
  <link from="site1" to="site3" ${other}/>
</virtual-environment>
`;

describe('a change under load, with latency', function () {
  const directory = mkdtempSync(join(tmpdir(), 'netmgr-latency-'));
  const real = join(directory, 'real.xml');
  let lab: LiveLab | undefined;

  before(async function () {
    requireBuild();
    // The kernel has one CPU: where the machine has other work, what is lost is not the change's doing.
    skipInSample(this, 'changes of latency under load');
    writeFileSync(real, oneHost(3));
    lab = await LiveLab.start([real], {}, UML_LAB);
  });

  after(async () => {
    await lab?.stop();
    rmSync(directory, { recursive: true });
  });

  const applyText = async (to: LiveLab, text: string): Promise<void> => {
    const path = `${to.directory}/load.xml`;
    await to.write(path, text);
    await to.manage('apply', real, path);
  };

  it('of latency and bandwidth, on the same link and on another one, loses nothing', async function () {
    this.timeout(300_000);
    const own = 'bandwidth="100mbit" latency="20ms"';
    const texts = [
      environment(own, 'bandwidth="10mbit" latency="10ms"'),
      environment(own, 'bandwidth="20mbit" latency="15ms"'),
      // The delay grows: what is under way is not overtaken, and nothing is dropped.
      environment('bandwidth="80mbit" latency="30ms"', 'bandwidth="20mbit" latency="15ms"'),
    ];
    if (lab === undefined) throw new Error('there is no lab');
    const live = lab;
    await applyText(live, texts[0] ?? '');
    const ends = { from: 'proxy2', to: 'proxy1', address: '10.1.0.1', port: 5201 };
    const { sent, arrived } = await withUdpFlow(live, ends, '10M', async () => {
      for (let i = 1; i <= CHANGES; i++) await applyText(live, texts[i % texts.length] ?? '');
    });
    process.stdout.write(
      `    ${String(CHANGES)} changes, ${String(sent)} packets sent, ${String(sent - arrived)} lost\n`,
    );
    expect(sent).to.be.greaterThan(CHANGES * 100);
    expect(sent - arrived).to.equal(0);
  });
});
