import { expect } from 'chai';
import {
  parseRoot,
  remakeCandidates,
  sameRoot,
  type PrintedRoot,
} from '../../../../src/agent/kernel/tc/remake.js';
import { makeScratch, type Scratch } from '../scratch.js';

/** What iproute2 6.1 prints of a qdisc on a 6.1 kernel: the words behind the handle, and the options as JSON. */
const printed = (kind: string, words: string, options: object = {}): PrintedRoot => {
  const json = JSON.stringify([{ kind, handle: '1:', root: true, refcnt: 2, options }]);
  const root = parseRoot(json, `qdisc ${kind} 1: root refcnt 2 ${words} \n`);
  if (root === undefined) throw new Error('it was not read');
  return root;
};

describe('remakeCandidates', () => {
  it('takes the letters away that tc prints and does not take', () => {
    const words =
      'limit 500p flows 1024 quantum 1514 target 5ms interval 100ms memory_limit 32Mb ecn drop_batch 64';
    expect(remakeCandidates(printed('fq_codel', words))).to.deep.equal([words.replace('500p', '500')]);
    expect(remakeCandidates(printed('bfifo', 'limit 5000b'))).to.deep.equal(['limit 5000']);
  });

  it('says what tc only says by its absence', () => {
    expect(remakeCandidates(printed('fq_codel', 'limit 10p'))).to.deep.equal(['limit 10 noecn']);
  });

  it('tries what may have been rounded down', () => {
    const delay = { delay: { delay: 0.010122, jitter: 0, correlation: 0 } };
    expect(remakeCandidates(printed('netem', 'limit 1000 delay 10.1ms loss 1%', delay))).to.deep.equal([
      'limit 1000 delay 10122us loss 1%',
      'limit 1000 delay 10123us loss 1%',
    ]);
  });

  it('has nothing for what tc does not tell whole', () => {
    // The distribution of a jitter.
    const delay = { delay: { delay: 0.01, jitter: 0.002, correlation: 0 } };
    expect(remakeCandidates(printed('netem', 'limit 1000 delay 10ms  2ms', delay))).to.deep.equal([]);
    // Classes, and what hangs below.
    expect(remakeCandidates(printed('htb', 'r2q 10 default 0x1'))).to.deep.equal([]);
    expect(remakeCandidates({ ...printed('tbf', 'rate 1Mbit'), hasChildren: true })).to.deep.equal([]);
    // What would be another line of the batch, or another word of it.
    expect(remakeCandidates(printed('codel', 'limit 1p;qdisc'))).to.deep.equal([]);
  });

  it('does not take a qdisc with our handle for one that can stand beside ours', () => {
    expect(remakeCandidates({ ...printed('pfifo', 'limit 5p'), handle: '4e4d:' })).to.deep.equal([]);
  });
});

describe('a root qdisc of somebody else on a real kernel', () => {
  let scratch: Scratch;

  before(async function () {
    if (process.getuid?.() !== 0) this.skip();
    scratch = await makeScratch();
    await scratch.sh('ip link add v0 type veth peer name v1');
  });

  after(() => scratch.remove());

  const read = async (): Promise<PrintedRoot | undefined> =>
    parseRoot(await scratch.sh('tc -j qdisc show dev v0'), await scratch.sh('tc qdisc show dev v0'));

  for (const words of [
    'pfifo limit 3',
    'bfifo limit 12345',
    'pfifo_fast',
    'tbf rate 10mbit burst 5000 latency 20ms',
    'tbf rate 1234567bit burst 5003 limit 30007',
    'tbf rate 1mbit burst 1600 limit 30000 peakrate 2mbit mtu 1600',
  ]) {
    it(`is the same again, made from what tc prints: ${words}`, async () => {
      await scratch.sh(`tc qdisc add dev v0 root handle 7: ${words}`);
      const root = await read();
      if (root === undefined) throw new Error('it was not read');
      const made: boolean[] = [];
      for (const candidate of remakeCandidates(root)) {
        await scratch.sh('tc qdisc del dev v0 root');
        await scratch.sh(`tc qdisc add dev v0 root handle 7: ${root.kind} ${candidate}`.trimEnd());
        const again = await read();
        made.push(again !== undefined && sameRoot(again, root));
      }
      await scratch.sh('tc qdisc del dev v0 root');
      expect(made).to.include(true);
    });
  }
});
