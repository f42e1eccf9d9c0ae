import { Duplex, PassThrough } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { encodeFrame, FrameDecoder, type Frame } from '../../../src/lab/control/frame.js';
import { WindowedWriter } from '../../../src/lab/control/window.js';

const frame: fc.Arbitrary<Frame> = fc.record({
  type: fc.constantFrom('message', 'stdin', 'stdout', 'stderr', 'taken'),
  payload: fc.uint8Array({ maxLength: 50 }).map((octets) => Buffer.from(octets)),
});

describe('FrameDecoder', () => {
  it('puts together what encodeFrame wrote, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(frame), fc.integer({ min: 1, max: 20 }), (frames, size) => {
        const all = Buffer.concat(frames.map(encodeFrame));
        const decoder = new FrameDecoder();
        const read: Frame[] = [];
        for (let at = 0; at < all.length; at += size)
          read.push(...decoder.decode(all.subarray(at, at + size)));
        expect(read).to.deep.equal(frames);
      }),
    );
  });

  it('refuses what is no frame', () => {
    expect(() => new FrameDecoder().decode(Buffer.from('Kernel panic'))).to.throw('control line');
  });
});

describe('WindowedWriter', () => {
  it('has no more under way than the window, and delivers all', () => {
    const output: Duplex = new PassThrough();
    const writer = new WindowedWriter(output, 4);
    let idle = false;
    writer.write(Buffer.from('abcdefg'));
    writer.write(Buffer.from('hij'));
    writer.whenIdle(() => (idle = true));
    const take = (): string => (output.read() as Buffer | null)?.toString() ?? '';
    expect(take()).to.equal('abcd');
    expect(take()).to.equal('');
    writer.taken(4);
    expect(take()).to.equal('efgh');
    expect(idle).to.equal(false);
    writer.taken(4);
    expect(take()).to.equal('ij');
    expect(idle).to.equal(true);
  });
});
