import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isAll, skipInSample } from '../sample.js';
import { withUdpFlow, type FlowEnds } from './flow.js';
import { fixture, LiveLab, skipWithoutRoot } from './live-lab.js';

const HOSTS = ['host1', 'host2', 'host3', 'host4'];
/** How often another link is changed under load; what else is changed is so less often. */
const CHANGES = 50;
const OTHER_CHANGES = 10;

/** The proxies of three sites, and a node; the links of site 1 are at the same vif. */
const environment = (other: string, own = '500mbit', more = ''): string => `<?xml version="1.0"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="load">
  <site name="site1" network="10.1.0.0/16">
    <node vm="vmgridpeer1" address="10.1.0.1" role="proxy"/>
    <node vm="vmgrid101" address="10.1.0.101"/>
    <node vm="vmgrid108" address="10.1.0.108"/>${more}
  </site>
  <site name="site2" network="10.2.0.0/16"><node vm="vmgridpeer2" address="10.2.0.1" role="proxy"/></site>
  <site name="site3" network="10.3.0.0/16"><node vm="vmgridpeer3" address="10.3.0.1" role="proxy"/></site>
  <link from="site1" to="site2" bandwidth="${own}"/>
  <link from="site1" to="site3" bandwidth="${other}"/>
</virtual-environment>
`;
const NEW_NODE = '<node vm="vmgrid102" address="10.1.0.102"/>';

const BETWEEN_PROXIES: FlowEnds = { from: 'vmgridpeer2', to: 'vmgridpeer1', address: '10.1.0.1', port: 5201 };
const WITHIN_THE_SITE: FlowEnds = { from: 'vmgrid101', to: 'vmgrid108', address: '10.1.0.108', port: 5202 };

describe('a change under load', function () {
  const directory = mkdtempSync(join(tmpdir(), 'netmgr-hitless-'));
  const real = join(directory, 'real.xml');
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'changes under load');
    // The paper's physical lines of 100 Mbit/s cannot carry 100 Mbit/s of datagrams and their headers.
    const grid = readFileSync(fixture('real-env/grid.xml'), 'utf8');
    writeFileSync(real, grid.replaceAll('bandwidth="100mbit"', 'bandwidth="1gbit"'));
    lab = await LiveLab.start([real]);
  });

  after(async () => {
    await lab.stop();
    rmSync(directory, { recursive: true });
  });

  const applyText = async (text: string): Promise<void> => {
    const path = `${lab.directory}/load.xml`;
    await lab.write(path, text);
    await lab.manage('apply', real, path);
  };

  const changeUnderLoad = async (
    context: Mocha.Context,
    flow: FlowEnds,
    texts: readonly [string, string],
    what: string,
    changes: number,
  ): Promise<void> => {
    context.timeout(600_000);
    await applyText(texts[0]);
    const { sent, arrived } = await withUdpFlow(lab, flow, '100M', async () => {
      for (let i = 1; i <= changes; i++) await applyText(texts[i % 2 === 0 ? 0 : 1]);
    });
    process.stdout.write(
      `    ${what}: ${String(changes)} changes, ${String(sent)} packets sent, ${String(sent - arrived)} lost\n`,
    );
    // Some thousands a second: it did run all the time.
    expect(sent).to.be.greaterThan(changes * 100);
    expect(sent - arrived).to.equal(0);
  };

  it('of another link of the same vif loses nothing', async function () {
    skipInSample(this, 'changes of another link under load');
    await changeUnderLoad(
      this,
      BETWEEN_PROXIES,
      [environment('10mbit'), environment('20mbit')],
      'bandwidth of another link',
      CHANGES,
    );
  });

  it('of the same link loses nothing, as long as it carries the load', async function () {
    skipInSample(this, 'changes of a link under load');
    await changeUnderLoad(
      this,
      BETWEEN_PROXIES,
      [environment('10mbit'), environment('10mbit', '400mbit')],
      'bandwidth of its own link',
      OTHER_CHANGES,
    );
  });

  it('by a machine that comes to the site and goes again leaves the flows of the others alone', async function () {
    skipInSample(this, 'machines that come and go under load');
    await changeUnderLoad(
      this,
      WITHIN_THE_SITE,
      [environment('10mbit'), environment('10mbit', '500mbit', NEW_NODE)],
      'a machine that comes and goes',
      OTHER_CHANGES,
    );
  });

  it('has never taken a root qdisc of a vif that stays', async () => {
    const removed = new Set<string>();
    for (const host of HOSTS) {
      for (const { command, input = '' } of await lab.log(host)) {
        if (command?.[0] !== 'tc') continue;
        for (const [, vif] of input.matchAll(/^qdisc (?:del|replace) dev (\S+) root/gm))
          removed.add(`${host}/${String(vif)}`);
      }
    }
    // The machine that comes and goes is at that one.
    expect([...removed]).to.deep.equal(isAll ? ['host3/vif2.0'] : []);
  });
});
