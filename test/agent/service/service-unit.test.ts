import { expect } from 'chai';
import { serviceUnit, type ServiceCommand } from '../../../src/agent/service/service-unit.js';

const command: ServiceCommand = {
  node: '/usr/bin/node',
  program: '/opt/main.js',
  args: [],
  stateDirectory: '/var/lib/netmgr',
  machines: 'namespace',
};

function settingsOf(unit: string, name: string): string[] {
  return unit
    .split('\n')
    .flatMap((line) => (line.startsWith(`${name}=`) ? line.slice(name.length + 1).split(' ') : []));
}

describe('the unit of an agent', () => {
  const own = serviceUnit(command);
  const behind = (agentxSocket: string): string => serviceUnit({ ...command, agentxSocket });

  it("starts after the system's snmpd where it uses that", () => {
    for (const name of ['Wants', 'After']) {
      expect(settingsOf(behind('/var/agentx/master'), name)).to.include('snmpd.service');
      expect(settingsOf(own, name)).not.to.include('snmpd.service');
    }
    // Its end and its restarts are no reason to end the agent.
    expect(behind('/var/agentx/master')).not.to.match(/Requires=|BindsTo=|PartOf=/);
  });

  it('has glibc give memory back', () => {
    expect(settingsOf(own, 'Environment')).to.include.members([
      'MALLOC_ARENA_MAX=1',
      'MALLOC_TRIM_THRESHOLD_=131072',
    ]);
  });

  it('may not do then what only a private snmpd needs', () => {
    const name = 'CapabilityBoundingSet';
    const less = settingsOf(behind('/var/agentx/master'), name);
    expect(settingsOf(own, name)).to.include.members(less);
    expect(settingsOf(own, name).filter((one) => !less.includes(one))).to.have.members([
      'CAP_NET_BIND_SERVICE',
      'CAP_DAC_READ_SEARCH',
    ]);
  });

  it('lets Podman list containers, and the agent see which network they are in', () => {
    const unit = serviceUnit({ ...command, machines: 'container' });
    expect(settingsOf(unit, 'CapabilityBoundingSet')).to.include('CAP_SYS_PTRACE');
    expect(settingsOf(own, 'CapabilityBoundingSet')).not.to.include('CAP_SYS_PTRACE');
    expect(settingsOf(unit, 'ReadWritePaths')).to.include('-/var/lib/containers');
    expect(settingsOf(own, 'ReadWritePaths')).not.to.include('-/var/lib/containers');
    expect(settingsOf(own, 'SystemCallFilter')).to.include('~@resources');
    expect(settingsOf(unit, 'SystemCallFilter')).not.to.include('~@resources');
  });

  it('sees the socket wherever it is', () => {
    expect(settingsOf(behind('/var/agentx/master'), 'PrivateTmp')).to.deep.equal(['yes']);
    expect(settingsOf(behind('/tmp/agentx'), 'PrivateTmp')).to.deep.equal(['no']);
    expect(settingsOf(behind('/var/agentx/master'), 'ProtectHome')).to.deep.equal(['yes']);
    expect(settingsOf(behind('/root/agentx'), 'ProtectHome')).to.deep.equal(['read-only']);
  });
});
