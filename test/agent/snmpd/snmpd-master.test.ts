import { expect } from 'chai';
import { once } from 'node:events';
import { readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { startSnmpd, type SnmpdMaster } from '../../../src/agent/snmpd/snmpd-master.js';
import { observeProcess } from '../../../src/process/process-identity.js';
import { NetmgrError } from '../../../src/errors.js';
import { start, type RunningProcess } from '../../../src/process/run.js';
import { MANAGER, READER, startPrivateSnmpd, type PrivateSnmpd } from './private-snmpd.js';

const SYS_NAME = '.1.3.6.1.2.1.1.5.0';

async function failure(action: Promise<unknown>): Promise<NetmgrError> {
  const thrown: unknown = await action.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof NetmgrError)) throw new Error(`no NetmgrError but ${String(thrown)}`);
  return thrown;
}

function pidOf(master: SnmpdMaster): number {
  if (master.pid === undefined) throw new Error('snmpd does not run');
  return master.pid;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the private snmpd', function () {
  this.timeout(60_000);
  let snmpd: PrivateSnmpd;
  const state = (...names: string[]): string => join(snmpd.options.stateDirectory, ...names);

  before(async () => {
    snmpd = await startPrivateSnmpd({ sysName: 'host one', sysLocation: 'rack 7' });
  });
  after(async () => {
    await snmpd.remove();
  });

  it('answers SNMPv3 authPriv', async () => {
    const { stdout } = await snmpd.tool('snmpget', [SYS_NAME]);
    expect(stdout).to.equal(`${SYS_NAME} = STRING: "host one"\n`);
    expect(snmpd.warnings).to.deep.equal([]);
  });

  it('refuses every other way in', async () => {
    const refused = [
      { user: 'netmgr', auth: 'not the secret' },
      { user: 'netmgr', priv: 'not the secret' },
      { user: 'nobody' },
      { user: 'netmgr', level: 'authNoPriv' },
      { user: 'netmgr', level: 'noAuthNoPriv' },
      { user: READER.user },
    ];
    for (const how of refused) {
      const flags = ['-t', '0.3', '-r', '0'];
      const { stdout } = await snmpd.tool('snmpget', [SYS_NAME], { ...how, flags, accept: [1, 2] });
      expect(stdout).not.to.contain('host one');
    }
  });

  it('lets the reader read, and neither reader nor manager write what is not theirs', async () => {
    const reader = { user: READER.user, auth: READER.secrets.auth, priv: READER.secrets.priv };
    expect((await snmpd.tool('snmpget', [SYS_NAME], reader)).stdout).to.contain('host one');
    const row = '.1.3.6.1.4.1.32473.1.1.3.99.1';
    const asReader = await snmpd.tool('snmpset', [row, 'u', '1'], { ...reader, accept: [2] });
    expect(asReader.stderr).to.contain('noAccess');
    const asManager = await snmpd.tool('snmpset', [SYS_NAME, 's', 'x'], { accept: [2] });
    expect(asManager.stderr).to.contain('noAccess');
    // The tables of users and of what they may do (SNMP-USER-BASED-SM-MIB, SNMP-VIEW-BASED-ACM-MIB).
    for (const hidden of ['.1.3.6.1.6.3.15.1.2', '.1.3.6.1.6.3.16']) {
      expect((await snmpd.tool('snmpwalk', [hidden])).stdout, hidden).to.match(
        /^\S+ = No (?:more variables|Such)/,
      );
    }
  });

  it('keeps its files and its AgentX socket from everybody else', async () => {
    const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
    expect(await mode(state())).to.equal('700');
    expect(await mode(state('agentx.sock'))).to.equal('600');
    expect(await mode(state('persistent'))).to.equal('700');
    expect((await stat(state('agentx.sock'))).uid).to.equal(0);
    const names = await readdir(state());
    expect(names.toSorted()).to.deep.equal([
      'agentx.sock',
      'engine-id',
      'persistent',
      'snmpd.conf',
      'snmpd.pid',
    ]);
  });

  it('runs without privileges', async () => {
    const status = await readFile(`/proc/${String(pidOf(snmpd.master))}/status`, 'utf8');
    const uid = (await stat(state('persistent'))).uid;
    expect(uid).not.to.equal(0);
    expect(status).to.match(new RegExp(`^Uid:(\\t${String(uid)}){4}$`, 'm'));
    expect(status).to.match(/^CapEff:\t0+$/m);
    expect(status).to.match(/^Groups:\t\d* ?$/m);
  });

  it('keeps keys, not secrets', async () => {
    const persistent = await readFile(state('persistent', 'snmpd.conf'), 'utf8');
    expect(persistent).to.contain(`usmUser 1 3 0x${snmpd.master.engineId} "netmgr"`);
    for (const name of await readdir(state(), { recursive: true })) {
      if (!(await stat(state(name))).isFile()) continue;
      const text = await readFile(state(name), 'utf8');
      for (const { secrets } of [MANAGER, READER]) {
        expect(text).not.to.contain(secrets.auth);
        expect(text).not.to.contain(secrets.priv);
      }
    }
  });

  it('is started again when it dies', async () => {
    const pid = pidOf(snmpd.master);
    process.kill(pid, 'SIGKILL');
    await until(() => snmpd.master.pid !== undefined && snmpd.master.pid !== pid);
    expect((await snmpd.tool('snmpget', [SYS_NAME])).stdout).to.contain('host one');
    expect(snmpd.warnings.join()).to.contain('SIGKILL');
  });

  it('has the same engine, users and a growing engineBoots after a stop, and needs no secrets', async () => {
    const boots = async (): Promise<number> =>
      Number(/^engineBoots (\d+)$/m.exec(await readFile(state('persistent', 'snmpd.conf'), 'utf8'))?.[1]);
    const { engineId } = snmpd.master;
    const pid = pidOf(snmpd.master);
    const before = await boots();
    await snmpd.master.stop();
    expect(await observeProcess(pid)).to.equal(undefined);
    expect(await readdir(state())).not.to.include.members(['agentx.sock', 'snmpd.pid']);
    const again = await startSnmpd({
      ...snmpd.options,
      manager: { user: MANAGER.user },
      reader: { user: READER.user },
    });
    try {
      expect(again.engineId).to.equal(engineId);
      expect(await boots()).to.equal(before + 1);
      expect((await snmpd.tool('snmpget', [SYS_NAME])).stdout).to.contain('host one');
    } finally {
      await again.stop();
    }
    const secrets = { auth: 'another secret', priv: 'and another one' };
    const replaced = await startSnmpd({
      ...snmpd.options,
      replaceSecrets: true,
      manager: { user: MANAGER.user, secrets },
    });
    try {
      expect((await snmpd.tool('snmpget', [SYS_NAME], secrets)).stdout).to.contain('host one');
      await snmpd.tool('snmpget', [SYS_NAME], { accept: [1], flags: ['-t', '0.3', '-r', '0'] });
    } finally {
      await replaced.stop();
    }
  });
});

describe('the start of the private snmpd', function () {
  this.timeout(60_000);
  let snmpd: PrivateSnmpd;

  beforeEach(async () => {
    snmpd = await startPrivateSnmpd();
  });
  afterEach(async () => {
    await snmpd.remove();
  });

  it('gives each state directory an engine of its own', async () => {
    const other = await startPrivateSnmpd();
    try {
      expect(other.master.engineId).not.to.equal(snmpd.master.engineId);
    } finally {
      await other.remove();
    }
  });

  it('knows again a user whose name snmpd writes in hexadecimal', async () => {
    const user = 'net-mgr_1.x';
    const other = await startPrivateSnmpd({ manager: { ...MANAGER, user } });
    try {
      await other.master.stop();
      const again = await startSnmpd({ ...other.options, manager: { user } });
      expect((await other.tool('snmpget', [SYS_NAME], { user })).stdout).to.contain(SYS_NAME);
      await again.stop();
    } finally {
      await other.remove();
    }
  });

  it("tells in snmpd's words that the port is taken", async () => {
    const error = await failure(startPrivateSnmpd({ address: snmpd.options.address }));
    expect(error.kind).to.equal('CommandFailed');
    expect(error.message)
      .to.contain('Error opening specified endpoint')
      .and.to.contain(snmpd.options.address);
    expect(error.hint).to.contain('port');
  });

  it('keeps trying while the port is taken, and answers when it is free', async () => {
    const pid = pidOf(snmpd.master);
    const taker = createSocket('udp4');
    const reasons: string[] = [];
    await snmpd.master.stop();
    const again = await startSnmpd({
      ...snmpd.options,
      onExit: ({ message }) => {
        if (reasons.push(message) === 1) taker.bind(snmpd.port, '127.0.0.1');
      },
    });
    try {
      process.kill(pidOf(again), 'SIGKILL');
      await until(() => reasons.length > 1);
      taker.close();
      await until(() => again.pid !== undefined);
      expect(reasons[1]).to.contain('Error opening specified endpoint');
      expect((await snmpd.tool('snmpget', [SYS_NAME])).stdout).to.contain(SYS_NAME);
      expect(pidOf(again)).not.to.equal(pid);
    } finally {
      await again.stop();
    }
  });

  it('refuses before it touches anything', async () => {
    const directory = join(snmpd.directory, 'a'.repeat(100));
    const error = await failure(startSnmpd({ ...snmpd.options, stateDirectory: directory }));
    expect(error.kind).to.equal('InvalidInput');
    expect(error.message).to.contain('107');
    expect(await readdir(snmpd.directory)).to.deep.equal(['state']);
  });

  it('replaces a link in the persistent directory instead of writing through it', async () => {
    await snmpd.master.stop();
    const persistent = join(snmpd.options.stateDirectory, 'persistent', 'snmpd.conf');
    const target = join(snmpd.directory, 'target');
    await writeFile(target, 'untouched');
    await rm(persistent);
    await symlink(target, persistent);
    const again = await startSnmpd(snmpd.options);
    await again.stop();
    expect(await readFile(target, 'utf8')).to.equal('untouched');
  });
});

describe('a program that ends without stopping its snmpd', function () {
  this.timeout(60_000);
  let snmpd: PrivateSnmpd;

  beforeEach(async () => {
    snmpd = await startPrivateSnmpd();
    await snmpd.master.stop();
  });
  afterEach(async () => {
    await rm(snmpd.directory, { recursive: true });
  });

  /** Starts snmpd in a program of its own, which then runs `ending`; the program and the pid of its snmpd. */
  async function startOwner(ending: string): Promise<{ owner: RunningProcess; pid: number }> {
    const script = join(snmpd.directory, 'owner.mts');
    const source = new URL('../../../src/agent/snmpd/snmpd-master.ts', import.meta.url);
    await writeFile(
      script,
      `import { startSnmpd } from ${JSON.stringify(source.href)};
const log = { debug() {}, warn() {} };
const master = await startSnmpd({ ...${JSON.stringify(snmpd.options)}, log });
console.log(master.pid);
${ending}`,
    );
    const argv: [string, ...string[]] = [process.execPath, '--import', import.meta.resolve('tsx'), script];
    const owner = start(argv, { stdout: 'pipe' });
    const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
    return { owner, pid: Number(line) };
  }

  for (const [how, ending, signal] of [
    ['by itself', 'process.exit(0);', undefined],
    ['by SIGTERM', 'setInterval(() => {}, 1000);', 'SIGTERM'],
  ] as const) {
    it(`takes it along when it ends ${how}`, async () => {
      const { owner, pid } = await startOwner(ending);
      if (signal !== undefined) owner.kill(signal);
      await owner;
      await until(async () => (await observeProcess(pid)) === undefined);
    });
  }

  it('leaves it to the next start when it is killed', async () => {
    const { owner, pid } = await startOwner('setInterval(() => {}, 1000);');
    owner.kill('SIGKILL');
    await owner;
    const left = await observeProcess(pid);
    expect(left?.name).to.equal('snmpd');
    const again = await startSnmpd(snmpd.options);
    try {
      expect(await observeProcess(pid)).not.to.deep.equal(left);
      expect((await snmpd.tool('snmpget', [SYS_NAME])).stdout).to.contain(SYS_NAME);
    } finally {
      await again.stop();
    }
  });
});
