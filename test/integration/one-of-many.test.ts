import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { changesOf } from './commands.js';
import { isAll } from '../sample.js';
import { LiveLab, skipWithoutRoot, type LogLine } from './live-lab.js';

/** So many sites with a proxy each have 5,050 pairs; 528 in the sample. */
const SITES = isAll ? 101 : 33;
const LINKS = isAll ? 5000 : 500;
const HOSTS = ['host1', 'host2'];
const RATES = ['1mbit', '2mbit', '5mbit', '10mbit'] as const;

const hex = (number: number): string => number.toString(16).padStart(2, '0');

/** Every other proxy is on the second host. */
function realFile(): string {
  const hosts = HOSTS.map((host, h) => {
    const vms = Array.from({ length: SITES }, (_, i) => i + 1)
      .filter((i) => i % 2 === h)
      .map(
        (i) =>
          `<vm name="proxy${String(i)}"><vif name="vif${String(i)}.0" mac="00:16:3e:00:00:${hex(i)}" bridge="br0"/></vm>`,
      );
    return `<host name="${host}" address="172.16.0.${String(h + 1)}" hypervisor="kvm"><agent credentials="lab"/><bridge name="br0" uplink="eth0"/>${vms.join('\n')}</host>`;
  });
  return `<?xml version="1.0"?>
<real-environment xmlns="urn:netmgr:real-environment:1" name="many">
<credentials name="lab" user="netmgr" auth="SHA-256" priv="AES-128" from="env:NETMGR_LAB"/>
<switch name="sw0"/>
${hosts.join('\n')}
${HOSTS.map((host) => `<link from="${host}" to="sw0"/>`).join('\n')}
</real-environment>
`;
}

/** @param changed the rate of the link between the first two sites */
function virtualFile(changed: string): string {
  const sites = Array.from(
    { length: SITES },
    (_, i) =>
      `<site name="s${String(i + 1)}" network="10.${String(i + 1)}.0.0/16"><node vm="proxy${String(i + 1)}" address="10.${String(i + 1)}.0.1" role="proxy"/></site>`,
  );
  const pairs = Array.from({ length: SITES }, (_, a) =>
    Array.from({ length: a }, (_, b) => [b + 1, a + 1] as const),
  ).flat();
  const links = pairs.slice(0, LINKS).map(([a, b], i) => {
    const rate = a === 1 && b === 2 ? changed : RATES[i % RATES.length];
    return `<link from="s${String(a)}" to="s${String(b)}" bandwidth="${String(rate)}"/>`;
  });
  return `<?xml version="1.0"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="many">
${[...sites, ...links].join('\n')}
</virtual-environment>
`;
}

describe(`one link among ${String(LINKS)}`, function () {
  const directory = mkdtempSync(join(tmpdir(), 'netmgr-many-'));
  const real = join(directory, 'real.xml');
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'one link among many');
    this.timeout(600_000);
    writeFileSync(real, realFile());
    lab = await LiveLab.start([real]);
  });

  after(async () => {
    await lab.stop();
    rmSync(directory, { recursive: true });
  });

  const applyRate = async (rate: string): Promise<Awaited<ReturnType<LiveLab['manage']>>> => {
    const path = `${lab.directory}/many.xml`;
    await lab.write(path, virtualFile(rate));
    return lab.manage('apply', real, path);
  };

  const logs = async (): Promise<LogLine[][]> =>
    Promise.all(HOSTS.map(async (host) => [...(await lab.log(host))]));

  it('costs only its own rows, a profile that comes and one that goes, and a batch of four lines at most', async function () {
    this.timeout(900_000);
    const first = await applyRate('3mbit');
    process.stdout.write(`    ${String(LINKS)} links: ${JSON.stringify(first.rows)} rows\n`);

    // Both families of a link: its address and the link-local one of its proxy.
    const before = await logs();
    const { rows, requests } = await applyRate('4mbit');
    const after = await logs();
    expect(rows).to.deep.equal({ host1: 2 + 2, host2: 2 + 2 });
    for (const [h, host] of HOSTS.entries()) {
      const lines = (after[h] ?? []).slice(before[h]?.length);
      const changes = lines.filter((line) => changesOf([line]).length > 0);
      expect(
        changes.map(({ command = [] }) => command.join(' ')),
        host,
      ).to.deep.equal(['tc -batch -']);
      const batch = (changes[0]?.input ?? '').trimEnd().split('\n');
      process.stdout.write(`    ${host}: ${batch.join('; ')}\n`);
      expect(batch.length).to.be.lessThanOrEqual(4);
    }
    const sets = requests.filter(({ request }) => request === 'set').length;
    process.stdout.write(`    ${String(requests.length)} requests, ${String(sets)} of them SETs\n`);
  });

  it('that is not changed costs one GET for each host, and no command that changes anything', async () => {
    const before = await logs();
    const { rows, requests } = await applyRate('4mbit');
    const after = await logs();
    expect(rows).to.deep.equal({ host1: 0, host2: 0 });
    expect(requests).to.have.deep.members(HOSTS.map((host) => ({ host, request: 'get' })));
    for (const h of HOSTS.keys())
      expect(changesOf((after[h] ?? []).slice(before[h]?.length))).to.deep.equal([]);
  });
});
