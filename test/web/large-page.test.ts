import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { detailsOf } from '../../src/web/view/details/details.js';
import { LiveNetwork } from '../../src/web/view/live-network.js';
import { readPageFiles } from '../../src/web/server/page-files.js';
import { WebServer } from '../../src/web/server/web-server.js';
import { requireBuild } from '../lab/lab-process.js';
import { skipInSample } from '../sample.js';
import { DESK, TestBrowser } from './browser.js';
import { generatedManager, generatedState } from './generated-network.js';

const BUILT = pathToFileURL(fileURLToPath(new URL('../../dist/web/page/', import.meta.url)));
const SIZE = { sites: 20, machinesPerSite: 15, hosts: 10 };

describe('the page of 300 machines', () => {
  let server: WebServer;
  let network: LiveNetwork;
  let url: string;
  let tell: (second: number, share: number) => void;

  before(async function () {
    skipInSample(this, 'the page of 300 machines');
    requireBuild();
    const manager = await generatedManager(SIZE);
    network = new LiveNetwork(manager, 1000);
    const source = {
      ...{ map: network.map, isAlive: true, details: (id: string) => detailsOf(network, id) },
      get view() {
        return network.view;
      },
    };
    server = new WebServer(source, { token: undefined, names: [], page: await readPageFiles(BUILT) });
    url = `http://127.0.0.1:${String(await server.listen('127.0.0.1', 0))}/`;
    const start = Date.now();
    tell = (second, share) => {
      const drifted = new Set(['site2/s2-vm2']);
      const time = new Date(start + second * 1000);
      server.tell(network.take(generatedState(manager, time, { shareOf: () => share, drifted })));
    };
    tell(0, 0);
  });
  after(() => (server as WebServer | undefined)?.close());

  for (const [where, screen] of [
    ['a desk', DESK],
    // The smallest that there are.
    ['a telephone', { width: 360, height: 640, scheme: 'dark' }],
  ] as const) {
    it(`shows all of them and what joins their sites on ${where}, side by side`, async () => {
      const browser = await TestBrowser.start(screen);
      try {
        const { page } = browser;
        await page.goto(url);
        await page.locator('.pair').nth(189).waitFor({ state: 'attached' });
        const milliseconds = await page.evaluate<number>('performance.now()');
        process.stdout.write(`      drawn ${milliseconds.toFixed(0)} ms after the page was asked for\n`);
        expect(await page.locator('.machine').count()).to.equal(300);
        expect(await page.locator('.machine.failing').count()).to.equal(1);
        // What is wider than the screen would have to be moved to and fro.
        const [needed, there] = await page.evaluate<[number, number]>(
          '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
        );
        expect(needed).to.equal(there);
        expect(browser.complaints).to.deep.equal([]);
      } finally {
        await browser.stop();
      }
    });
  }

  it('can be used with the keyboard, and stays where it is while values change', async () => {
    const browser = await TestBrowser.start(DESK);
    try {
      const { page } = browser;
      await page.goto(url);
      const places = (): Promise<unknown> =>
        page.evaluate(
          `[...document.querySelectorAll('.machine .chip, .group > rect, .pair .hit')].map((one) => one.outerHTML)`,
        );
      await page.locator('.pair').nth(189).waitFor({ state: 'attached' });
      const before = await places();
      tell(1, 0.9);
      await page.locator('.way.heavy').nth(379).waitFor({ state: 'attached' });
      expect(await places()).to.deep.equal(before);

      await page.locator('#canvas [tabindex="0"]').focus();
      for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
      await page.getByRole('heading', { name: 'Machine s1-vm2' }).waitFor();
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Links site' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByText('Choose a site').waitFor();

      await page.getByLabel('Find').fill('s17-vm9');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Machine s17-vm9' }).waitFor();
      const said = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
      if (network.view === undefined) throw new Error('nothing to see');
      const problem = { id: 'host:host1', subject: said, text: said };
      server.tell({ ...network.view, problems: [problem], problemCount: 1 });
      // What agents say is text, whatever it looks like.
      await page.locator('#problems li', { hasText: `${said} ${said}` }).waitFor();
      expect(await page.locator('#problems img, #problems script').count()).to.equal(0);
      expect(browser.complaints).to.deep.equal([]);
    } finally {
      await browser.stop();
    }
  });
});
