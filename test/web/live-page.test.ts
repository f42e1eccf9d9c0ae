import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from '../integration/live-lab.js';
import { withUdpFlow } from '../integration/flow.js';
import { skipInSample } from '../sample.js';
import { TestBrowser } from './browser.js';
import { ServedLab } from './served-lab.js';

const MACHINES = ['proxy1', 'node1', 'proxy2', 'node2'];

describe('the page of a lab', function () {
  let lab: LiveLab | undefined;
  let served: ServedLab;
  let browser: TestBrowser;
  let page: Page;

  before(async function () {
    skipWithoutRoot(this, 'the page of a lab');
    const starting = TestBrowser.start().then((started) => (browser = started));
    lab = await LiveLab.start([PAIR, PAIR_BANDWIDTH], {});
    served = await ServedLab.start(lab, [PAIR, PAIR_BANDWIDTH]);
    await starting;
    ({ page } = browser);
    await page.goto(served.url);
  });
  after(async () => {
    await (browser as TestBrowser | undefined)?.stop();
    (served as ServedLab | undefined)?.stop();
    await lab?.stop();
  });

  const inLab = (): LiveLab => {
    if (lab === undefined) throw new Error('there is no lab');
    return lab;
  };
  const status = (words: RegExp): Promise<void> => page.locator('#status', { hasText: words }).waitFor();
  const machine = (name: string): string => `.machine[aria-label^="${name}:"]`;

  it('draws the machines in their sites, and what joins these', async () => {
    await status(/^2 of 2 hosts answer, no problems$/);
    const names = await page.locator('.machine .name').allTextContents();
    expect(names).to.have.members(MACHINES);
    expect(await page.locator('.machine.good').count()).to.equal(MACHINES.length);
    expect(await page.locator('.group .name').allTextContents()).to.deep.equal(['site1', 'site2']);
    expect(await page.locator('.pair').getAttribute('aria-label')).to.match(
      /site1 to site2: 1 link, .*site2 to site1: 1 link/,
    );
    await page.getByText('hosts', { exact: true }).click();
    expect(await page.locator('.group .name').allTextContents()).to.deep.equal(['host1', 'host2']);
    expect(await page.locator('.machine .name').allTextContents()).to.have.members(MACHINES);
    await page.getByText('sites', { exact: true }).click();
  });

  it('shows what passes, and how much of the link that is', async () => {
    const ends = { from: 'proxy1', to: 'proxy2', address: '10.2.0.1', port: 5201 };
    await page.locator(machine('proxy2')).click();
    await page.getByRole('heading', { name: 'Machine proxy2' }).waitFor();
    // Of a link of 100 Mbit/s.
    await withUdpFlow(inLab(), ends, '70M', async () => {
      await page.locator('.pair .way.busy').waitFor();
      await page.locator(`${machine('proxy1')} .rates`, { hasText: /↑[67][0-9]M/ }).waitFor();
      await page.locator(`${machine('proxy2')} .rates`, { hasText: /↓[67][0-9]M/ }).waitFor();
      await page.locator('#details tr', { hasText: /^receives.*[67][0-9.]+ Mbit\/s/ }).waitFor();
      await page.getByRole('img', { name: /receives: [67][0-9.]+ Mbit\/s now/ }).waitFor();
    });
    await page.locator('.pair .way.busy').waitFor({ state: 'detached' });
  });

  it('marks and tells a drift', async () => {
    await inLab().at('host2', 'tc qdisc del dev vif1.0 root');
    await page.locator(`${machine('proxy2')}.failing`).waitFor();
    await page.locator('#problems', { hasText: /site2\/proxy2.*root qdisc/ }).waitFor();
    await status(/^2 of 2 hosts answer, [1-9][0-9]* problems?$/);
  });

  it('tells no more of a drift that is repaired', async function () {
    skipInSample(this, 'the page after a repair');
    await inLab().manage('apply', PAIR, PAIR_BANDWIDTH);
    await status(/no problems$/);
    await page.locator(`${machine('proxy2')}.good`).waitFor();
  });

  it('says that a host does not answer, and since when', async function () {
    skipInSample(this, 'the page of a host that hangs');
    const pids = (await inLab().run('pgrep', '-f', 'agent run --name host2')).trim().split('\n');
    await inLab().run('kill', '-STOP', ...pids);
    await status(/^1 of 2 hosts answer/);
    await page.locator(`${machine('proxy2')}.stale`).waitFor();
    await page.getByText('hosts', { exact: true }).click();
    await page.locator('.group.stale .age', { hasText: /^[0-9]+ s old$/ }).waitFor();
    await inLab().run('kill', '-CONT', ...pids);
    await status(/^2 of 2 hosts answer/);
    await page.getByText('sites', { exact: true }).click();
  });

  it('asks nobody else, and has nothing to complain of', () => {
    expect(new Set(browser.requests.map((url) => new URL(url).origin))).to.deep.equal(
      new Set([new URL(served.url).origin]),
    );
    expect(browser.complaints).to.deep.equal([]);
  });

  it('says that the server is gone, and goes on when it is there again', async function () {
    skipInSample(this, 'the page of a server that comes back');
    const { exitCode, stdout } = await served.interrupt();
    expect(exitCode).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({ ok: true, url: 'http://127.0.0.1:8080/', warnings: [] });
    await page
      .getByRole('alert')
      .filter({ hasText: /connection to netmgr serve is lost.*Trying again/ })
      .waitFor();
    await served.serve();
    await page.getByRole('alert').waitFor({ state: 'hidden' });
    await status(/^2 of 2 hosts answer, no problems$/);
  });
});
