import { expect } from 'chai';
import { LAB_DIRECTORY, LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot, type LogLine } from './live-lab.js';
import type { Ran } from './order.js';

// With net-snmp's own tools, which share no code with netmgr.

const MODULE = '1.3.6.1.4.1.32473.1';
const CFG = `${MODULE}.1.2`;
const CONFIG = `${MODULE}.1.3`;
const OWNER = `${CFG}.1.0`;
const ACTION = `${CFG}.3.0`;
const DIGEST = `${CFG}.4.0`;
const LABEL = `${CFG}.6.0`;
const CANDIDATE_DIGEST = `${CFG}.12.0`;
const RESULT = `${CFG}.8.0`;
const VIF = `${CONFIG}.2.1`;
const VIF_ROW_STATUS = `${VIF}.10`;
const VALIDATE = '2';
const COMMIT = '3';
const DISCARD = '5';
const RELEASE = '9';
const CREATE_AND_GO = '4';
/** Would be made by whoever lets a shell see it. */
const PROOF = `${LAB_DIRECTORY}/executed`;

// One octet per character.
const indexOf = (name: string): string => [name.length, ...Buffer.from(name, 'latin1')].join('.');
const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

const HOSTILE: readonly (readonly [string, string])[] = [
  ['a semicolon', `x; touch ${PROOF}`],
  ['a command substitution', `$(touch ${PROOF})`],
  ['backquotes', `\`touch ${PROOF}\``],
  ['a quote', `' ; touch ${PROOF} ; '`],
  ['a double quote', `" & touch ${PROOF} & "`],
  ['a newline', 'eth0\nlink del dev vif1.0'],
  ['a NUL', 'vif1.0\0'],
  ['a blank', 'vif1.0 master xenbr0'],
  ['an option', '-all'],
  ['a path', '../../../tmp/x'],
  ['octets that are no UTF-8', '\u00ff\u00fe'],
];

describe('an agent under hostile SNMP', function () {
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'hostile SNMP');
    lab = await LiveLab.start([PAIR, PAIR_BANDWIDTH]);
  });

  after(async () => {
    await lab.stop();
  });

  // Without the MIB: the tools would refuse much of this themselves.
  const tool = (name: string, ...args: readonly string[]): Promise<Ran> =>
    lab.try([name, '-m', '', '-On', '-t', '5', '-r', '0', ...args]);
  const set = (...words: readonly string[]): Promise<Ran> => tool('snmpset', 'host1', ...words);
  // An owner whose session has ended is not admitted again.
  let sessions = 0;
  const owned = (...words: readonly string[]): Promise<Ran> =>
    set(OWNER, 's', `the test ${String(sessions)}`, ...words);
  const value = async (oid: string, output = '-Oqv'): Promise<string> =>
    (await lab.run('snmpget', '-m', '', output, 'host1', oid)).trim();
  const release = async (): Promise<void> => {
    await owned(ACTION, 'i', RELEASE);
    sessions++;
  };

  const expectRefused = ({ exitCode, stderr }: Ran, reason: RegExp): void => {
    expect(stderr).to.match(reason);
    expect(exitCode).to.not.equal(0);
  };

  /** Nothing was executed or written, and the agent answers. */
  afterEach(async () => {
    await release();
    expect((await lab.try(['test', '-e', PROOF])).exitCode, 'something was executed').to.equal(1);
    expect(await value(CANDIDATE_DIGEST)).to.equal(await value(`${CFG}.13.0`));
    expect(await lab.at('host1', 'ip link show vif1.0')).to.contain('vif1.0');
  });

  it('takes no SET without an owner', async () => {
    const candidate = await lab.run('snmpwalk', '-On', 'host1', CONFIG);
    for (const words of [
      [LABEL, 's', 'x'],
      [`${VIF_ROW_STATUS}.${indexOf('vif9.0')}`, 'i', CREATE_AND_GO],
      [`${VIF_ROW_STATUS}.${indexOf('vif1.0')}`, 'i', '6'],
      [ACTION, 'i', DISCARD],
      [OWNER, 's', '', LABEL, 's', 'x'],
    ]) {
      expectRefused(await set(...words), /inconsistentValue/);
    }
    expect(await lab.run('snmpwalk', '-On', 'host1', CONFIG)).to.equal(candidate);
  });

  it('lets one owner in at a time', async () => {
    expect((await owned(LABEL, 's', 'first')).exitCode).to.equal(0);
    expectRefused(await set(OWNER, 's', 'another', LABEL, 's', 'second'), /inconsistentValue/);
    expectRefused(await set(OWNER, 's', 'another', ACTION, 'i', RELEASE), /inconsistentValue/);
    expect(await value(LABEL)).to.equal('"first"');
    await release();
    expect((await set(OWNER, 's', 'another', LABEL, 's', 'second')).exitCode).to.equal(0);
    expect((await set(OWNER, 's', 'another', ACTION, 'i', RELEASE)).exitCode).to.equal(0);
  });

  for (const [what, name] of HOSTILE) {
    it(`refuses ${what} as the name of an interface, a machine and a bridge`, async () => {
      expectRefused(
        await owned(`${VIF_ROW_STATUS}.${indexOf(name)}`, 'i', CREATE_AND_GO),
        /noCreation|wrong/,
      );
      expectRefused(await owned(`${VIF}.3.${indexOf('vif1.0')}`, 'x', hex(name)), /wrong(Value|Length)/);
      // A machine's name is free text on the wire: then the validation, and the commit without one, refuse it.
      const written = await owned(`${VIF}.2.${indexOf('vif1.0')}`, 'x', hex(name));
      if (written.exitCode !== 0) {
        expectRefused(written, /wrong(Value|Length)/);
        return;
      }
      for (const action of [VALIDATE, COMMIT]) {
        const digest = (await value(CANDIDATE_DIGEST, '-Oqvx')).replaceAll(/[^0-9A-F]/g, '');
        expect((await owned(DIGEST, 'x', digest, ACTION, 'i', action)).exitCode).to.equal(0);
        while (/^[235]$/.test(await value(`${CFG}.7.0`)));
        // validationFailed
        expect(await value(RESULT)).to.equal('3');
      }
    });
  }

  it('refuses values beyond their bounds', async () => {
    expectRefused(await owned(LABEL, 's', 'x'.repeat(65)), /wrongLength/);
    expectRefused(await owned(LABEL, 's', 'x'.repeat(60_000)), /wrongLength|Timeout|tooBig/);
    expectRefused(await owned(ACTION, 'i', '77'), /wrongValue/);
    expectRefused(await owned(ACTION, 's', 'x'), /wrongType/);
    expectRefused(await owned(DIGEST, 'x', 'abcd', ACTION, 'i', COMMIT), /wrongLength/);
    expectRefused(await owned(DIGEST, 'x', 'ab'.repeat(32), ACTION, 'i', '7'), /inconsistentValue/);
    expectRefused(await owned(RESULT, 'i', '2'), /notWritable|noAccess/);
    expectRefused(await owned(`${CFG}.1.1`, 's', 'x'), /noCreation|noAccess/);
    expectRefused(await owned(`${CONFIG}.1.1.10.1`, 'u', '1000001'), /wrongValue|inconsistentName/);
  });

  it('has no rows that wait to become complete', async () => {
    const row = `${VIF_ROW_STATUS}.${indexOf('vif9.0')}`;
    for (const status of ['2', '3', '5', '7', '0', '-1']) {
      expectRefused(await owned(row, 'i', status), /wrongValue/);
    }
    expectRefused(await owned(row, 'i', '1'), /inconsistentName/);
    // All of a PDU or nothing.
    expectRefused(
      await owned(row, 'i', CREATE_AND_GO, `${VIF}.5.${indexOf('vif9.0')}`, 'u', '70000'),
      /wrongValue/,
    );
    expect((await tool('snmpget', 'host1', row)).stdout).to.contain('No Such Instance');
  });

  it('answers for any object identifier, and stays', async () => {
    const deep = Array.from({ length: 110 }, () => '4294967295').join('.');
    for (const oid of [
      `${MODULE}.4294967295`,
      `${CONFIG}.2.1.2.4294967295.1.2`,
      `${CONFIG}.2.1.4294967295.6`,
      `${CONFIG}.3.1.4.1.97.1.4294967295.1`,
      `${CONFIG}.5.1.6.1.97.2.16.0`,
      `${MODULE}.1.${deep}`,
      `${CFG}.3`,
      `${CFG}.3.0.0`,
      `${MODULE}.1.0`,
    ]) {
      expect((await tool('snmpget', 'host1', oid)).stdout, oid).to.match(/No Such (Object|Instance)/);
      expect((await tool('snmpgetnext', 'host1', oid)).exitCode, oid).to.equal(0);
      expectRefused(await owned(oid, 'i', '1'), /notWritable|noCreation|noAccess|wrong|No Such|not writable/);
    }
  });

  it('survives a GETBULK that wants everything', async () => {
    const { stdout, exitCode } = await tool('snmpbulkget', '-Cn0', '-Cr2147483647', 'host1', MODULE);
    expect(exitCode).to.equal(0);
    expect(stdout.split('\n').length).to.be.greaterThan(10);
    expect((await tool('snmpbulkget', '-Cn1', '-Cr2147483647', 'host1', MODULE, CONFIG)).exitCode).to.equal(
      0,
    );
  });

  it('shows the whole module in order, by GETNEXT as by GETBULK', async () => {
    const names = (text: string): string[] =>
      text.split('\n').flatMap((line) => /^\.([0-9.]+) = (?!No more)/.exec(line)?.[1] ?? []);
    const walked = names(await lab.run('snmpwalk', '-On', 'host1', MODULE));
    expect(walked.length).to.be.greaterThan(100);
    const numbers = walked.map((name) => name.split('.').map(Number));
    for (const [i, oid] of numbers.slice(1).entries()) {
      const before = numbers[i] ?? [];
      const at = oid.findIndex((subid, place) => subid !== before[place]);
      expect(oid[at], `${String(walked[i + 1])} after ${String(walked[i])}`).to.be.greaterThan(
        before[at] ?? -1,
      );
    }
    expect(names(await lab.run('snmpbulkwalk', '-On', '-Cr40', 'host1', MODULE))).to.deep.equal(walked);
    for (const name of walked.filter((_, i) => i % 7 === 0)) {
      expect((await tool('snmpget', 'host1', name)).stdout).to.not.contain('No Such');
    }
  });

  it('shows its tables to snmptable', async () => {
    const vifs = await lab.run('snmptable', '-Ci', '-Cw', '400', 'host1', 'NETEMU-MIB::netemuVifTable');
    expect(vifs).to.contain('vif1.0').and.contain('proxy1').and.contain('0:16:3e:0:1:0');
    const links = await lab.run('snmptable', '-Cw', '900', 'host1', 'NETEMU-MIB::netemuLinkStateTable');
    expect(links).to.contain('100000').and.contain('10.2.0.1/32').and.contain('applied');
  });

  describe('of others than the manager', () => {
    const secrets = async (): Promise<Record<string, string>> => {
      const text = await lab.read(`${LAB_DIRECTORY}/agents/host1.secrets`);
      return Object.fromEntries(
        text.split('\n').map((line) => line.split(/=(.*)/).slice(0, 2) as [string, string]),
      );
    };
    const reader = async (): Promise<string[]> => {
      const { 'reader.auth': auth = '', 'reader.priv': priv = '' } = await secrets();
      return ['-u', 'nms', '-A', auth, '-X', priv];
    };

    it('lets the reader read and not write', async () => {
      const user = await reader();
      expect((await tool('snmpget', ...user, 'host1', CANDIDATE_DIGEST)).exitCode).to.equal(0);
      for (const words of [
        [OWNER, 's', 'x', LABEL, 's', 'x'],
        [OWNER, 's', 'x', ACTION, 'i', RELEASE],
        ['1.3.6.1.2.1.1.4.0', 's', 'x'],
      ]) {
        expectRefused(await tool('snmpset', ...user, 'host1', ...words), /noAccess|authorizationError/);
      }
    });

    it('wants both authentication and privacy', async () => {
      for (const level of ['noAuthNoPriv', 'authNoPriv']) {
        const { exitCode, stdout } = await tool('snmpget', '-l', level, 'host1', CANDIDATE_DIGEST);
        expect(exitCode === 0 && stdout.includes('STRING'), level).to.equal(false);
      }
      for (const version of ['1', '2c']) {
        for (const community of ['public', 'private']) {
          const old = ['-v', version, '-c', community] as const;
          const answer = await lab.try([
            'snmpget',
            ...old,
            '-t',
            '0.3',
            '-r',
            '0',
            'host1',
            CANDIDATE_DIGEST,
          ]);
          expectRefused(answer, /Timeout/);
        }
      }
      expectRefused(await tool('snmpget', '-u', 'nobody', 'host1', CANDIDATE_DIGEST), /Unknown user/);
      expectRefused(
        await tool('snmpget', '-A', 'not the secret', 'host1', CANDIDATE_DIGEST),
        /Authentication failure/,
      );
    });

    it('keeps the users and the views of snmpd to itself', async () => {
      expectRefused(await set('1.3.6.1.2.1.1.4.0', 's', 'x'), /noAccess|notWritable|authorizationError/);
      for (const tables of ['1.3.6.1.6.3.15', '1.3.6.1.6.3.16', '1.3.6.1.4.1.8072']) {
        const { stdout } = await tool('snmpwalk', 'host1', tables);
        expect(stdout, tables).to.match(/No (Such|more)/);
      }
    });
  });

  it('comes back when its snmpd is killed', async () => {
    const pidFile = `${LAB_DIRECTORY}/agents/host1/snmpd/snmpd.pid`;
    const pid = (await lab.read(pidFile)).trim().split(/\s+/)[0] ?? '';
    await lab.run('kill', '-KILL', pid);
    const deadline = Date.now() + 20_000;
    for (;;) {
      const { exitCode, stdout } = await lab.try(['snmpget', '-On', '-t', '0.5', '-r', '0', 'host1', OWNER]);
      if (exitCode === 0 && stdout.includes('STRING')) break;
      expect(Date.now(), 'snmpd did not come back').to.be.lessThan(deadline);
    }
    expect((await lab.read(pidFile)).trim().split(/\s+/)[0]).to.not.equal(pid);
    expect((await owned(LABEL, 's', 'after')).exitCode).to.equal(0);
    // Or the manager waits until this session is over.
    await release();
    const { rows } = await lab.manage('plan', PAIR, PAIR_BANDWIDTH);
    expect(rows['host1']).to.equal(0);
  });

  it('has logged no error', async () => {
    const errors = (await lab.log('host1')).filter(({ level }: LogLine) => level >= 50);
    expect(errors).to.deep.equal([]);
  });
});
