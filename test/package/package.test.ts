import { createSocket } from 'node:dgram';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { run, type CommandOutput } from '../../src/process/run.js';
import { requireBuild } from '../lab/lab-process.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

describe('the package', function () {
  let consumer: string;
  let installed: string;

  // As npm would, without asking a registry: our tarball unpacked, the dependencies that it declares and no others
  // linked beside it, and its program in .bin.
  before(async () => {
    requireBuild();
    consumer = mkdtempSync(join(tmpdir(), 'netmgr-package-'));
    const packed = await run(
      ['npm', 'pack', ROOT, '--ignore-scripts', '--json', '--pack-destination', consumer],
      {
        env: { npm_config_update_notifier: 'false' },
      },
    );
    const [tarball] = JSON.parse(packed.stdout) as { filename: string }[];
    await run(['tar', '-x', '-f', join(consumer, tarball?.filename ?? ''), '-C', consumer]);
    installed = join(consumer, 'node_modules', 'netmgr');
    mkdirSync(join(consumer, 'node_modules', '.bin'), { recursive: true });
    cpSync(join(consumer, 'package'), installed, { recursive: true });
    for (const name of Object.keys(manifest.dependencies)) {
      const link = join(consumer, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), link);
    }
    for (const [name, file] of Object.entries(manifest.bin)) {
      chmodSync(join(installed, file), 0o755);
      symlinkSync(join('..', 'netmgr', file), join(consumer, 'node_modules', '.bin', name));
    }
    writeFileSync(
      join(consumer, 'package.json'),
      '{ "name": "consumer", "type": "module", "private": true }',
    );
  });

  after(() => {
    rmSync(consumer, { recursive: true, force: true });
  });

  const node = (program: string, ...args: readonly string[]): Promise<CommandOutput> => {
    const file = join(consumer, 'program.mjs');
    writeFileSync(file, program);
    return run([process.execPath, file, ...args], { env: { NODE_OPTIONS: '' } });
  };

  const fixture = (name: string): string => join(installed, 'fixtures', name);

  it('holds what its users need, and nothing of its tests', () => {
    expect(readdirSync(installed)).to.include.members([
      'dist',
      'mibs',
      'schemas',
      'native',
      'fixtures',
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(readdirSync(installed)).to.not.include.members(['test']);
    expect(readdirSync(join(installed, 'dist'))).to.not.include('test');
    // The page as it is served, and whose work is part of it.
    const page = ['index.html', 'main.js', 'page.css', 'icon.svg', 'uPlot.LICENSE'];
    expect(readdirSync(join(installed, 'dist/web/page'))).to.have.members(page);
  });

  it('reads the files that it ships, under plain node', async () => {
    const { stdout } = await node(
      `import { Manager } from 'netmgr';
       const manager = await Manager.load(process.argv[2], process.argv[3]);
       console.log(JSON.stringify({
         hosts: manager.real.hosts.map(({ name }) => name),
         bandwidth: manager.virtual.links[0].bandwidth.toString(),
       }));`,
      fixture('real-env/grid.xml'),
      fixture('virtual-env/grid.xml'),
    );
    expect(JSON.parse(stdout)).to.deep.equal({
      hosts: ['host1', 'host2', 'host3', 'host4'],
      bandwidth: '1mbit',
    });
  });

  it('says with a NetmgrError that an agent does not answer', async () => {
    const port = await freePort();
    const real = readFileSync(fixture('real-env/pair.xml'), 'utf8')
      .replaceAll('172.16.0.', '127.0.0.')
      .replaceAll('port="161"', `port="${String(port)}"`);
    writeFileSync(join(consumer, 'real.xml'), real);
    const { stdout } = await node(
      `import { ApplyError, Manager, NetmgrError } from 'netmgr';
       const environment = { NETMGR_LAB_AUTH: 'a secret of it', NETMGR_LAB_PRIV: 'another secret' };
       const options = { environment, timeout: 200, retries: 0 };
       const manager = await Manager.load(process.argv[2], process.argv[3], options);
       const error = await manager.plan().catch((thrown) => thrown);
       const errors = error instanceof ApplyError ? error.errors : [error];
       console.log(JSON.stringify(errors.map((one) => [one instanceof NetmgrError, one.kind, one.subject])));`,
      join(consumer, 'real.xml'),
      fixture('virtual-env/pair.xml'),
    );
    expect(JSON.parse(stdout)).to.deep.equal([
      [true, 'Unreachable', 'host1'],
      [true, 'Unreachable', 'host2'],
    ]);
  });

  it('shows nothing but its interface', async () => {
    const { stdout } = await node(
      `const error = await import('netmgr/dist/manager/manager.js').catch((thrown) => thrown);
       console.log(error.code);`,
    );
    expect(stdout).to.equal('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });

  it('has a program that npx finds', async () => {
    const npx = (...args: readonly string[]): Promise<CommandOutput> =>
      run(['npx', '--no-install', '--prefix', consumer, 'netmgr', ...args], {
        env: { NODE_OPTIONS: '', npm_config_update_notifier: 'false' },
      });
    expect((await npx('--version')).stdout).to.equal(`${manifest.version}\n`);
    const files = [fixture('real-env/pair.xml'), fixture('virtual-env/pair.xml')];
    expect((await npx('validate', ...files)).stdout).to.match(
      /^valid: 2 hosts, 4 machines, 2 sites, 1 links/,
    );
  });

  it('has types that a strict program can use', async () => {
    const right = `
      import { Manager, NetmgrError, type ApplyReport, type EnvironmentPlan, type RealEnvironment } from 'netmgr';
      const manager: Manager = await Manager.load('real.xml', 'virtual.xml', { timeout: 100 });
      const real: RealEnvironment = manager.real;
      const plan: EnvironmentPlan = await manager.plan();
      const report: ApplyReport = await manager.apply((host, step) => console.log(host.length, step));
      const rate: number | undefined = manager.virtual?.links[0]?.bandwidth?.bitsPerSecond;
      for (const status of await manager.status()) {
        if ('errors' in status) console.log(status.errors.map((error: NetmgrError) => error.kind));
        else console.log(status.vifs.map(({ vmName }) => vmName));
      }
      console.log(real.hosts.length, plan.changes.length, report.duration, rate);
    `;
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2023',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
    };
    const settings = { compilerOptions, include: ['*.ts'] };
    writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify(settings));
    writeFileSync(join(consumer, 'right.ts'), right);
    writeFileSync(join(consumer, 'wrong.ts'), right.replace('timeout: 100', "timeout: '100'"));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run([process.execPath, tsc, '-p', consumer], { accept: [0, 1, 2] });
    const errors = stdout.split('\n').filter((line) => line.includes('error TS'));
    expect(errors, stdout).to.have.lengthOf(1);
    expect(errors[0]).to.contain('wrong.ts').and.contain('TS2322');
  });
});
