import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { LabProcess, PAIR, PAIR_BANDWIDTH, requireBuild } from './lab-process.js';

const AGENT_PID = '"$(cat $NETMGR_LAB_DIRECTORY/agents/host1.pid)"';
const SNMPD_PID = '"$(cut -d " " -f 1 $NETMGR_LAB_DIRECTORY/agents/host1/snmpd/snmpd.pid)"';
const ANSWERS = 'snmpget -t 1 -r 0 host1 NETEMU-MIB::netemuCfgState.0 2>/dev/null | grep -q INTEGER';

// A real tc that waits for the lines of its batch for ever takes the place of the one that the agent starts. An agent
// sees the lab's mounts as they were at its start, so a new one is needed.
const HOLD_TC = `
  tc=$(command -v tc)
  cp "$tc" held-tc
  mkfifo lines
  printf '#!/bin/sh\\nexec "%s/held-tc" -batch "%s/lines"\\n' "$PWD" "$PWD" >tc
  chmod +x tc
  mount --bind tc "$tc"
  kill -KILL ${AGENT_PID}
  until pgrep -x held-tc; do snmpwalk -t 1 -r 0 host1 NETEMU-MIB::netemuLinkStateTable || :; done >/dev/null 2>&1
  umount "$tc"
`;

describe("a lab's agent", function () {
  let lab: LabProcess;

  before(function () {
    requireBuild();
    if (process.getuid?.() === 0) return;
    process.stderr.write("NOT TESTED: a lab's agents: no root\n");
    this.skip();
  });

  afterEach(async () => {
    await lab.leavesNoProcess();
    lab.remove();
  });

  const runInLab = async (script: string): Promise<string> => {
    lab = new LabProcess(['--kernel', 'native', PAIR, PAIR_BANDWIDTH, '--', 'sh', '-ec', script]);
    const output = await lab.stdout;
    expect(await lab.end(), lab.stderr).to.equal(0);
    return output.toString();
  };

  it('answers again after a kill, with another snmpd and without the tc that it ran', async () => {
    const output = await runInLab(`
      ${HOLD_TC}
      agent=${AGENT_PID} snmpd=${SNMPD_PID} tc=$(pgrep -x held-tc)
      kill -KILL $agent
      until ${ANSWERS}; do sleep 0.1; done
      for pid in $agent $snmpd $tc; do [ ! -e /proc/$pid ] || ps -o args= $pid; done
      [ ${AGENT_PID} != $agent ] && ps -o args= ${AGENT_PID}
      [ ${SNMPD_PID} != $snmpd ] && ps -o args= ${SNMPD_PID}
      pgrep -c -x snmpd
    `);
    const [agent, snmpd, count, ...rest] = output.trimEnd().split('\n');
    expect(agent).to.contain('agent run --name host1');
    expect(snmpd).to.match(/^snmpd .*agents\/host1\//);
    expect(count).to.equal('2');
    expect(rest).to.deep.equal([]);
    expect(lab.stderr).to.contain(
      'the agent of host1 was started again 2 times, the last time after SIGKILL',
    );
    expect(lab.stderr).to.not.contain('the agent of host2');
  });

  it('whose start fails is tried again, and the end says that it does not run', async () => {
    await runInLab(`
      log=$NETMGR_LAB_DIRECTORY/agents/host1.log
      mount --bind /dev/null "$(command -v snmpd)"
      kill -KILL ${AGENT_PID}
      until [ $(grep -c 'snmpd' $log) -ge 2 ] && [ ! -e $NETMGR_LAB_DIRECTORY/agents/host1.pid ]; do :; done
      cp $log .
    `);
    expect(lab.stderr).to.match(
      /the agent of host1 was started again .* and has ended \(exit code 1\), the end of/,
    );
    expect(lab.stderr).to.contain(
      readFileSync(join(lab.directory, 'host1.log'), 'utf8').trimEnd().split('\n').at(-1),
    );
  });
});
