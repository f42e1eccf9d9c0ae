import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

/** Where Debian's package has it. */
const CHROMIUM = '/usr/bin/chromium';

const QUIET = [
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly scheme?: 'light' | 'dark';
}

export const DESK: Screen = { width: 1440, height: 900 };

/** A browser with nothing in it but a page; it notes what goes wrong and what is asked of others. */
export class TestBrowser {
  /** What the console said, and errors that nobody caught. */
  readonly complaints: string[] = [];
  /** URLs that were asked for. */
  readonly requests: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly directory: string,
  ) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    context.on('request', (request) => this.requests.push(request.url()));
  }

  static async start({ width, height, scheme = 'light' }: Screen = DESK): Promise<TestBrowser> {
    if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: npm run setup`);
    const directory = mkdtempSync(join(tmpdir(), 'netmgr-browser-'));
    const context = await chromium.launchPersistentContext(directory, {
      // Its sandbox is not for root, who the tests are.
      ...{ executablePath: CHROMIUM, headless: true, args: QUIET, chromiumSandbox: false },
      ...{ viewport: { width, height }, colorScheme: scheme, hasTouch: width < 500 },
    });
    return new TestBrowser(context.pages()[0] ?? (await context.newPage()), context, directory);
  }

  async stop(): Promise<void> {
    await this.context.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
