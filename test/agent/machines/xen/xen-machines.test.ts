import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { NetmgrError } from '../../../../src/errors.js';
import type { Link } from '../../../../src/agent/kernel/ip/links.js';
import { parseDomains } from '../../../../src/agent/machines/xen/parse-domains.js';
import { parseStates } from '../../../../src/agent/machines/xen/parse-states.js';
import { XenMachines } from '../../../../src/agent/machines/xen/xen-machines.js';
import type { Run } from '../../../../src/process/run.js';

/** What Xen 4.17 of Debian 12 prints, with three domains. */
const printed = (name: string): string => readFileSync(new URL(`printed/${name}`, import.meta.url), 'utf8');
const OUTPUTS: Readonly<Record<string, string>> = {
  'xl list -l': printed('xl-list-l.txt'),
  'xl list': printed('xl-list.txt'),
  'xl info': printed('xl-info.txt'),
};
const UUID = '6f1f0f3e-0000-4000-8000-000000000101';

/** A domain as xl prints it, with the interfaces and channels of a case. */
const domainWith = (config: object): string =>
  JSON.stringify([{ domid: 7, config: { c_info: { type: 'hvm', name: 'one', uuid: UUID }, ...config } }]);

describe('machines that are domains of Xen', () => {
  const commands: string[] = [];
  const run: Run = (argv) => {
    const command = argv.join(' ');
    commands.push(command);
    return Promise.resolve({ stdout: OUTPUTS[command] ?? '', stderr: '', exitCode: 0 });
  };
  const machines = new XenMachines(run);
  const links = ['lo', 'vif1.0', 'vif2.0'].map((name) => ({ name }) as Link);

  beforeEach(() => {
    commands.length = 0;
  });

  it('are found with their interfaces by one process', async () => {
    const listed = await machines.list(links);
    expect(commands).to.deep.equal(['xl list -l']);
    expect(listed.map(({ name }) => name)).to.deep.equal(['proxy1', 'node1', 'proxy2']);
    expect(listed[0]).to.deep.equal({
      name: 'proxy1',
      aliases: [UUID],
      interfaces: [{ vif: 'vif1.0', model: 'xen', mac: '00:16:3e:00:01:01' }],
    });
    // The kernel has no interface of the third one yet.
    expect(listed[2]?.interfaces).to.deep.equal([{ vif: '', model: 'xen', mac: '00:16:3e:00:01:03' }]);
  });

  it('are surveyed in the words of VM-MIB', async () => {
    const { hypervisor, machines: surveyed } = await machines.survey(links);
    expect(hypervisor).to.include({ hvSoftware: 'Xen', hvVersion: '4.17.7' });
    expect(surveyed[0]?.known).to.deep.equal({
      OSType: 'pv',
      ...{ operState: 'running', adminState: 'running', autoStart: 'unknown', persistent: 'transient' },
      UUID: Buffer.from(UUID.replaceAll('-', ''), 'hex'),
      ...{ curCpuNumber: 1, minCpuNumber: -1, cpuTime: 37_500_000n },
      ...{ memUnit: 1_048_576, curMem: 160, minMem: -1, maxMem: 160 },
    });
  });

  it('have the names of their interfaces where the configuration gives them', () => {
    const nics = [
      { devid: 0, mac: '00:16:3E:00:00:01', ifname: 'web0', nictype: 'vif_ioemu' },
      { devid: 2, mac: '00:16:3e:00:00:02', nictype: 'vif' },
    ];
    expect(parseDomains(domainWith({ nics }))[0]?.interfaces).to.deep.equal([
      { vif: 'web0', model: 'xen-hvm', mac: '00:16:3e:00:00:01' },
      { vif: 'vif7.2', model: 'xen', mac: '00:16:3e:00:00:02' },
    ]);
  });

  it('are told as out of reach where a driver domain has the interface', () => {
    const nics = [{ devid: 0, mac: '00:16:3e:00:00:01', backend_domname: 'netvm' }];
    const [found] = parseDomains(domainWith({ nics }))[0]?.interfaces ?? [];
    expect(found?.vif).to.equal('');
    expect(found?.obstacle).to.contain('driver domain netvm').and.contain('backend=');
  });

  it('have the socket of the guest agent, whatever other channels they have', () => {
    expect(parseDomains(printed('xl-list-l.txt')).map(({ agentSocket }) => agentSocket)).to.deep.equal(
      ['proxy1', 'node1', 'proxy2'].map((name) => `/run/xen/${name}.agent`),
    );
    expect(parseDomains(domainWith({}))[0]?.agentSocket).to.equal(undefined);
  });

  it('say what to do where there is no such domain, or no channel', async () => {
    const failure = async (output: string, name: string): Promise<NetmgrError> => {
      const only: Run = () => Promise.resolve({ stdout: output, stderr: '', exitCode: 0 });
      const error: unknown = await new XenMachines(only)
        .inside(name)(['true'])
        .catch((thrown: unknown) => thrown);
      if (error instanceof NetmgrError) return error;
      throw new Error('it did not fail');
    };
    expect((await failure(domainWith({}), 'two')).message).to.equal('Xen runs no domain "two" on this host');
    const { message, hint } = await failure(domainWith({}), 'one');
    expect(message).to.equal('one has no guest agent');
    expect(hint).to.contain('path=/run/xen/one.agent').and.contain('/dev/hvc1');
    expect((await failure('xl: command moved', 'one')).message).to.equal('xl list -l prints no JSON');
  });

  it('have the states that xl says, whatever their names', () => {
    const lines = [
      'Name                                        ID   Mem VCPUs\tState\tTime(s)',
      'Domain-0                                     0  1536     2     r-----     342.4',
      'a b 4                                        5   160     1     --p---       0.1',
      'crashed                                      6   160     1     ---sc-       7.0',
      '(null)                                       8     0     1     --ps-d       9.9',
    ];
    const states = parseStates(`${lines.join('\n')}\n`);
    expect([...states].map(([id, { operState }]) => [id, operState])).to.deep.equal([
      [0, 'running'],
      [5, 'paused'],
      [6, 'crashed'],
      [8, 'shuttingdown'],
    ]);
  });
});
