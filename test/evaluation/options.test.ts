import { expect } from 'chai';
import { readOptions } from '../../src/evaluation/options.js';
import { FULL_PLAN, QUICK_PLAN } from '../../src/evaluation/plan.js';

describe('the options of the evaluation', () => {
  it('measure everything if nothing is said', () => {
    expect(readOptions([])).to.deep.equal({
      experiments: ['bandwidth', 'latency', 'table2', 'jitter', 'loss'],
      ...{ plan: FULL_PLAN, quick: false, out: 'netmgr-evaluation', from: undefined, json: false },
      kernel: 'auto',
    });
  });

  it('choose', () => {
    const { experiments, plan } = readOptions([
      ...['--quick', '--only', 'loss,latency', '--repetitions', '7'],
      ...['--rates', '1.5mbit,256kbit', '--latencies', '0.5ms'],
    ]);
    expect(experiments).to.deep.equal(['latency', 'loss']);
    expect(plan).to.deep.equal({
      ...QUICK_PLAN,
      repetitions: 7,
      rates: [1_500_000, 256_000],
      latencies: [500],
    });
  });

  it('refuse what cannot be, and say what there is', () => {
    const write = process.stderr.write.bind(process.stderr);
    for (const [args, words] of [
      [['--only', 'jiter'], 'There are bandwidth'],
      [['--repetitions', '0'], 'whole number'],
      [['--rates', '10'], 'one of the units'],
      [['--latencies', '0ms'], 'A latency of nothing'],
      [['--kernel', 'bsd'], 'Allowed choices'],
      [['more'], 'too many arguments'],
    ] as const) {
      let said = '';
      process.stderr.write = (text: string): boolean => {
        said += text;
        return true;
      };
      try {
        expect(() => readOptions(args)).to.throw();
      } finally {
        process.stderr.write = write;
      }
      expect(said).to.include(words);
    }
  });
});
