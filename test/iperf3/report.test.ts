import { expect } from 'chai';
import { NetmgrError } from '../../src/errors.js';
import { readReport, wholeSeconds } from '../../src/iperf3/report.js';

/** As iperf3 3.12 writes it, with so many octets in each interval. */
const report = (intervals: readonly (readonly [seconds: number, octets: number])[]): string =>
  JSON.stringify({
    start: { connected: [{ socket: 5, remote_host: '10.1.0.1', remote_port: 40_000 }] },
    intervals: intervals.map(([seconds, bytes]) => ({
      streams: [],
      sum: { start: 0, end: seconds, seconds, bytes, bits_per_second: (bytes * 8) / seconds, sender: false },
    })),
    end: { sum_received: { bytes: 1 } },
  });

describe('what iperf3 reports', () => {
  it('is counted in whole seconds, without some at either side', () => {
    const text = report([
      [1.0002, 10],
      [0.9998, 20],
      [1, 30],
      [1, 40],
      [1, 50],
      [0.4, 60],
    ]);
    const octets = (margin: number): number[] =>
      wholeSeconds(readReport(text), margin).map((interval) => interval.octets);
    expect(octets(1)).to.deep.equal([20, 30, 40]);
    expect(octets(2)).to.deep.equal([30]);
    expect(octets(3)).to.deep.equal([]);
  });

  it('has the rate of each interval, and who sent', () => {
    const { intervals, peer, error } = readReport(report([[2, 500]]));
    expect(intervals).to.deep.equal([{ seconds: 2, octets: 500, bitsPerSecond: 2000, packets: 0, lost: 0 }]);
    expect(peer).to.equal('10.1.0.1');
    expect(error).to.equal(undefined);
  });

  it('has the datagrams that were sent and lost', () => {
    const sum = { seconds: 1, bytes: 900, bits_per_second: 7200, packets: 10, lost_packets: 1 };
    const { intervals, packets } = readReport(
      JSON.stringify({ intervals: [{ sum }], end: { sum: { packets: 11 } } }),
    );
    expect(intervals[0]).to.include({ packets: 10, lost: 1 });
    expect(packets).to.equal(11);
  });

  it('is IPv4 where the receiver shows it as IPv6', () => {
    const start = { connected: [{ remote_host: '::ffff:10.1.0.1' }] };
    expect(readReport(JSON.stringify({ start })).peer).to.equal('10.1.0.1');
  });

  it('says why it failed', () => {
    const error = 'unable to connect to server: Connection refused';
    expect(
      readReport(JSON.stringify({ start: { connected: [] }, intervals: [], end: {}, error })),
    ).to.include({ error });
  });

  for (const strange of ['null', '[]', '7', '{"intervals":{"sum":1},"start":[],"end":null,"error":5}']) {
    it(`has nothing where it is ${strange}`, () => {
      expect(readReport(strange)).to.deep.equal({ intervals: [], packets: 0 });
    });
  }

  it('counts nothing where a number is none', () => {
    const sum = { seconds: '1', bytes: -5, bits_per_second: null, packets: {} };
    expect(readReport(JSON.stringify({ intervals: [{ sum }, null, 5] })).intervals).to.deep.equal(
      Array.from({ length: 3 }, () => ({ seconds: 0, octets: 0, bitsPerSecond: 0, packets: 0, lost: 0 })),
    );
  });

  for (const text of ['', '{"intervals":[', 'iperf3: error']) {
    it(`is refused where it is no JSON: ${JSON.stringify(text)}`, () => {
      expect(() => readReport(text))
        .to.throw(NetmgrError, 'iperf3 printed no report')
        .with.property('kind', 'CommandFailed');
    });
  }
});
