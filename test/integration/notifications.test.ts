import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { DriftingLab, HOST } from './drifting-lab.js';
import { LAB_DIRECTORY, PAIR, skipWithoutRoot } from './live-lab.js';
import { skipInSample } from '../sample.js';

/** The lab's own address on the management network of PAIR. */
const RECEIVER = '172.16.0.6';
const PORT = 1162;
const DIRECTORY = `${LAB_DIRECTORY}/receiver`;
/** Where informs are heard by `netmgr watch`, whose engine ID is in its state directory. */
const WATCH = `udp:${RECEIVER}:1163`;
const WATCH_STATE = `${LAB_DIRECTORY}/watch`;
const WATCH_ENGINE = '80007ed905000102030405060708090a0b0c0d0e0f';
/** Seconds between two notifications of drift. */
const INTERVAL = 2;
const NETEMU = '.1.3.6.1.4.1.32473.1';

describe('notifications', function () {
  let drifting: DriftingLab;
  let pid: string;
  let nms: Record<string, string>;

  before(async function () {
    skipWithoutRoot(this, 'notifications');
    drifting = await DriftingLab.start({
      NETMGR_AGENT_NOTIFY: `udp:${RECEIVER}:${String(PORT)}`,
      NETMGR_AGENT_INFORM: `${WATCH}=${WATCH_ENGINE}`,
    });
    const { lab } = drifting;
    const agent = `${LAB_DIRECTORY}/agents/${HOST}`;
    const engineId = (await lab.read(`${agent}/snmpd/engine-id`)).trim();
    const secrets = await lab.read(`${agent}.secrets`);
    const secret = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(secrets)?.[1] ?? '';
    nms = { NMS_AUTH: secret('reader.auth'), NMS_PRIV: secret('reader.priv') };
    await lab.run('mkdir', '-p', DIRECTORY);
    await lab.write(
      `${DIRECTORY}/snmptrapd.conf`,
      `createUser -e 0x${engineId} nms SHA-256 "${secret('reader.auth')}" AES "${secret('reader.priv')}"\nauthUser log nms priv\n`,
    );
    // It speaks for HOST alone: those of the other engine it cannot decrypt.
    const words = `SNMP_PERSISTENT_DIR=${DIRECTORY} SNMPCONFPATH=${DIRECTORY} MIBS= snmptrapd -f -C -c ${DIRECTORY}/snmptrapd.conf -Lf ${DIRECTORY}/log -On -Oe -F '%v\\n' udp:${RECEIVER}:${String(PORT)} >/dev/null 2>&1 & echo $!`;
    pid = (await lab.run('sh', '-c', words)).trim();
    while (!(await log()).includes('NET-SNMP version')) await delay(50);
    await lab.run('snmpset', HOST, 'netemuNotifyMinInterval.0', 'u', String(INTERVAL));
  });

  after(async () => {
    if ((drifting as DriftingLab | undefined) === undefined) return;
    await drifting.lab.run('kill', pid);
    await drifting.stop();
  });

  async function log(): Promise<string> {
    return (await drifting.lab.try(['cat', `${DIRECTORY}/log`])).stdout;
  }

  /** What was received of NETEMU-MIB: the number of the notification and its variables, without their common prefix. */
  const received = async (): Promise<string[]> =>
    (await log())
      .split('\n')
      .filter((line) => line.includes(`.1.3.6.1.6.3.1.1.4.1.0 = OID: ${NETEMU}.0.`))
      .map((line) =>
        line
          .split('\t')
          .slice(1)
          .join(' ')
          .replace('.1.3.6.1.6.3.1.1.4.1.0 = OID: ', '')
          .replaceAll(`${NETEMU}.`, ''),
      );
  const receivedOf = async (id: number): Promise<string[]> =>
    (await received()).filter((text) => text.startsWith(`0.${String(id)} `));

  it('tell of drift and of its end, once each', async () => {
    await drifting.at('ipset del netmgr-all-v4 10.1.0.1');
    expect(await drifting.examinedAnew()).to.have.lengthOf(1);
    while ((await receivedOf(3)).length === 0) await delay(50);
    await drifting.at('ipset add netmgr-all-v4 10.1.0.1');
    expect(await drifting.examinedAnew()).to.have.lengthOf(0);
    while ((await receivedOf(4)).length === 0) await delay(50);
    for (let i = 0; i < 3; i++) await drifting.examinedAnew();
    expect(await receivedOf(3)).to.deep.equal(['0.3 1.2.21.0 = Gauge32: 1 1.2.16.0 = Gauge32: 1']);
    expect(await receivedOf(4)).to.deep.equal(['0.4 1.2.16.0 = Gauge32: 1']);
  });

  it('wait for a watch that hears informs and is not there yet', async () => {
    const { lab } = drifting;
    const real = `${lab.directory}/real.xml`;
    const credentials = '<credentials name="nms" user="nms" auth="SHA-256" priv="AES-128" from="env:NMS"/>';
    await lab.write(real, (await lab.read(PAIR)).replace('<credentials', `${credentials}<credentials`));
    await lab.run('mkdir', '-p', WATCH_STATE);
    await lab.write(`${WATCH_STATE}/engine-id`, `${WATCH_ENGINE}\n`);
    await drifting.at('ipset del netmgr-all-v4 10.1.0.1');
    await drifting.examinedAnew();
    const words = `exec netmgr watch ${real} --listen ${WATCH} --state-directory ${WATCH_STATE} --json >${WATCH_STATE}/out 2>&1 & echo $!`;
    const watch = (await lab.try(['sh', '-c', words], { env: nms })).stdout.trim();
    const heard = async (): Promise<{ host: string; notification: string; values: object }[]> =>
      (await lab.read(`${WATCH_STATE}/out`))
        .split('\n')
        .filter((line) => line.includes('"notification"'))
        .map((line) => JSON.parse(line) as never);
    while ((await heard()).length === 0) await delay(50);
    await drifting.at('ipset add netmgr-all-v4 10.1.0.1');
    await drifting.examinedAnew();
    while ((await heard()).length < 2) await delay(50);
    await lab.run('kill', watch);
    expect(
      (await heard()).map(({ host, notification, values }) => [host, notification, values]),
    ).to.deep.equal([
      [HOST, 'driftDetected', { driftCount: 1, generation: 1 }],
      [HOST, 'driftCleared', { generation: 1 }],
    ]);
  });

  it('do not follow each other faster than they may', async function () {
    skipInSample(this, 'the pause between notifications');
    const before = (await receivedOf(3)).length;
    const begun = performance.now();
    const members = ['10.1.0.1', '10.1.0.101', '10.2.0.1'];
    for (const member of members) {
      await drifting.at(`ipset del netmgr-all-v4 ${member}`, 'ipset create netmgr-site-7-v4 hash:net');
      await drifting.examinedAnew();
      await drifting.at(`ipset add netmgr-all-v4 ${member}`, 'ipset destroy netmgr-site-7-v4');
      await drifting.examinedAnew();
    }
    const most = Math.ceil((performance.now() - begun) / 1000 / INTERVAL) + 1;
    expect((await receivedOf(3)).length - before).to.be.within(2, most);
  });

  it('tell of a commit, and that a vif is gone', async () => {
    await drifting.apply();
    await drifting.at('ip link del vif1.0');
    while ((await receivedOf(5)).length === 0) await delay(50);
    // absent(6), with no number of an interface; the vif's name is in the index.
    const index = [...Buffer.from('vif1.0')].join('.');
    expect(await receivedOf(5)).to.deep.equal([
      `0.5 1.4.1.1.2.6.${index} = INTEGER: 6 1.4.1.1.3.6.${index} = INTEGER: 0 1.4.1.1.23.6.${index} = ""`,
    ]);
  });
});
