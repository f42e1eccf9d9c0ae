import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { DriftingLab, HOST } from './drifting-lab.js';
import { skipWithoutRoot } from './live-lab.js';
import { skipInSample } from '../sample.js';

/** Milliseconds within which a vif that returns has what belongs to it. */
const BOUND = 2000;

/** Makes the vif anew, as a machine that starts does, and prints the milliseconds until it has all that it had. */
const RETURN = `
begun=$(date +%s%N)
ip link add vif1.0 type veth peer name eth0 netns proxy1
ip -n proxy1 link set dev eth0 address 00:16:3e:00:01:00 up
ip link set dev vif1.0 master xenbr0 up
has() { case $1 in *"$2"*) ;; *) return 1 ;; esac; }
for _ in $(seq 500); do
  if has "$(tc qdisc show dev vif1.0)" 'tbf 4010: parent 4e4d:10 rate 10Mbit' &&
    has "$(tc filter show dev vif1.0)" 'match 0a020001/ffffffff' &&
    has "$(tc filter show dev vif1.0 ingress)" 'mirred (Egress Redirect to device nm-' &&
    has "$(ip -n proxy1 address show dev eth0)" '10.1.0.1/16' &&
    has "$(ip -n proxy1 address show dev eth0)" 'fd00:1::1/64' &&
    has "$(ip -n proxy1 route)" '10.2.0.1 dev eth0 proto 78' &&
    has "$(ip -n proxy1 -6 route)" 'fd00:2::1 dev eth0 proto 78'
  then
    echo $(( ($(date +%s%N) - begun) / 1000000 ))
    exit
  fi
  sleep 0.02
done
echo never`;

describe('a vif that disappears and returns', function () {
  let drifting: DriftingLab;

  before(async function () {
    skipWithoutRoot(this, 'returned vifs');
    drifting = await DriftingLab.start();
  });

  after(async () => {
    await (drifting as DriftingLab | undefined)?.stop();
  });

  const found = async (text: string): Promise<void> => {
    while (!(await drifting.found()).includes(text)) await delay(20);
  };

  /** Milliseconds. */
  const back = async (script = RETURN): Promise<number> =>
    Number(await drifting.lab.run('ip', 'netns', 'exec', HOST, 'sh', '-c', script));

  const hasEverything = async (): Promise<void> => {
    while ((await drifting.differences()).length > 0) await delay(100);
    expect(await drifting.examinedAnew()).to.deep.equal([]);
  };

  it('is missed, and has all of its configuration again within 2 s of its return', async () => {
    for (let round = 0; round < 5; round++) {
      await drifting.at('ip link del vif1.0');
      await found('vif1.0, the interface of proxy1, should be there, and is not');
      expect(await back()).to.be.below(BOUND);
      await hasEverything();
    }
  });

  it('has it also when it is away so shortly that nobody could see it', async () => {
    expect(await back(`ip link del vif1.0; ${RETURN}`)).to.be.below(BOUND);
    await hasEverything();
  });

  it('has it also when its whole machine is another one', async function () {
    skipInSample(this, 'a machine that is another one');
    for (let round = 0; round < 3; round++) {
      await drifting.lab.run('ip', 'netns', 'del', 'proxy1');
      await found('vif1.0, the interface of proxy1, should be there, and is not');
      await drifting.lab.run('ip', 'netns', 'add', 'proxy1');
      const settings = ['all', 'default'].map((name) => `net.ipv6.conf.${name}.accept_dad=0`).join(' ');
      await drifting.at('ip -n proxy1 link set lo up', `ip netns exec proxy1 sysctl -q -w ${settings}`);
      expect(await back()).to.be.below(BOUND);
      await hasEverything();
    }
  });

  it('is said to be elsewhere when it is at no bridge, and nothing is done about that', async () => {
    await drifting.at('ip link set vif1.0 nomaster');
    await found('vif1.0 should be at the bridge xenbr0, and is at no bridge');
    await drifting.at('ip link add br7 type bridge', 'ip link set vif1.0 master br7');
    await found('vif1.0 should be at the bridge xenbr0, and is at br7');
    await drifting.at('ip link set vif1.0 master xenbr0', 'ip link del br7');
    while ((await drifting.found()).includes('should')) await delay(20);
    await hasEverything();
  });
});
