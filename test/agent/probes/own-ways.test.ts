import { expect } from 'chai';
import { OwnWays, type Place } from '../../../src/agent/probes/own-ways.js';
import type { CommandOutput } from '../../../src/process/run.js';

const DONE: CommandOutput = { stdout: '', stderr: '', exitCode: 0 };
const ANSWER = {
  make: 'route add default dev eth0 table 20046; rule add pref 40000 table 20046',
  remove: 'rule del pref 40000; route flush table 20046',
};
const onLinkBy = (device: string): string =>
  `route add default dev ${device} table 20045; rule add pref 20045 uidrange 20045-20045 table 20045`;
const ON_LINK = { make: onLinkBy('eth0'), remove: 'rule del pref 20045; route flush table 20045' };
const BOTH = [`${ANSWER.remove}; ${ON_LINK.remove}; ${ANSWER.make}; ${ON_LINK.make}`];

/** Work that lasts until it is told to end. */
class Work {
  hasBegun = false;
  end = (): void => undefined;
  readonly begin = (): Promise<void> => {
    this.hasBegun = true;
    return new Promise((resolve) => (this.end = resolve));
  };
}

describe('ways of their own that machines have', () => {
  let ways: OwnWays;
  let ran: string[];
  const place = (changes: Partial<Place> = {}): Place => ({
    ...{ machine: 'm', version: 4, device: 'eth0' },
    run: (_argv, { input = '' } = {}) => {
      ran.push(input.trim().replaceAll('\n', '; '));
      return Promise.resolve(DONE);
    },
    ...changes,
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  };

  beforeEach(() => {
    ways = new OwnWays();
    ran = [];
  });

  it('cost echoes nothing while the machine answers, and are there until both are over', async () => {
    const [answer, echo] = [new Work(), new Work()];
    const answered = ways.answer(place(), answer.begin);
    await settle();
    const asked = ways.onLink(place(), echo.begin);
    await settle();
    expect(ran).to.deep.equal(BOTH);
    answer.end();
    await settle();
    expect(ran).to.deep.equal(BOTH);
    echo.end();
    await Promise.all([answered, asked]);
    expect(ran.slice(1)).to.deep.equal([`${ANSWER.remove}; ${ON_LINK.remove}`]);
  });

  it('are made for an echo over another device, and not taken away twice', async () => {
    const answer = new Work();
    const answered = ways.answer(place(), answer.begin);
    await settle();
    await ways.onLink(place({ device: 'eth1' }), () => Promise.resolve());
    expect(ran.slice(1)).to.deep.equal([`${ON_LINK.remove}; ${onLinkBy('eth1')}`, ON_LINK.remove]);
    // What the answer made is gone.
    await ways.onLink(place(), () => Promise.resolve());
    expect(ran.slice(3)).to.deep.equal([`${ON_LINK.remove}; ${ON_LINK.make}`, ON_LINK.remove]);
    answer.end();
    await answered;
    expect(ran.slice(5)).to.deep.equal([ANSWER.remove]);
  });

  it('let a machine answer while an echo of its own lasts', async () => {
    const [answer, echo] = [new Work(), new Work()];
    const asked = ways.onLink(place(), echo.begin);
    const answered = ways.answer(place(), answer.begin);
    await settle();
    expect(answer.hasBegun).to.equal(true);
    expect(ran).to.deep.equal([`${ON_LINK.remove}; ${ON_LINK.make}`, `${ANSWER.remove}; ${ANSWER.make}`]);
    answer.end();
    await answered;
    echo.end();
    await asked;
    expect(ran.slice(2)).to.deep.equal([ANSWER.remove, ON_LINK.remove]);
  });

  it('take turns in a machine, and none for another machine or IP version', async () => {
    const works = [new Work(), new Work(), new Work(), new Work()];
    const places = [place(), place(), place({ machine: 'other' }), place({ version: 6 })];
    const all = places.map((where, i) => ways.onLink(where, (works[i] ?? new Work()).begin));
    await settle();
    expect(works.map(({ hasBegun }) => hasBegun)).to.deep.equal([true, false, true, true]);
    works[0]?.end();
    await settle();
    for (const work of works) work.end();
    await Promise.all(all);
    expect(ran).to.have.length(8);
  });

  it('are none where they cannot be made: the work is not done', async () => {
    const work = new Work();
    const run: Place['run'] = (argv) =>
      argv.includes('-force')
        ? Promise.resolve({ ...DONE, exitCode: 1, stderr: 'Command failed -:5\n' })
        : Promise.resolve({
            ...DONE,
            exitCode: 1,
            stderr: 'Cannot find device "eth0"\nCommand failed -:1\n',
          });
    for (const how of ['answer', 'onLink'] as const) {
      const failed = await ways[how](place({ run }), work.begin).then(
        () => '',
        (error: unknown) => String(error),
      );
      expect(failed).to.include('Cannot find device "eth0"');
    }
    expect(work.hasBegun).to.equal(false);
  });
});
