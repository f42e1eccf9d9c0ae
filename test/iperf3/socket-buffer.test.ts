import { expect } from 'chai';
import { sender } from '../../src/iperf3/arguments.js';
import { socketBuffer } from '../../src/iperf3/socket-buffer.js';
import type { Run } from '../../src/process/run.js';

const saying =
  (stdout: string, exitCode = 0): Run =>
  () =>
    Promise.resolve({ stdout, stderr: '', exitCode });

describe('the buffers of sockets for datagrams', () => {
  it('are what the kernel of that machine allows in both directions, and no more than is needed', async () => {
    expect(await socketBuffer(saying('212992\n425984\n'))).to.equal(212_992);
    expect(await socketBuffer(saying('99999999\n8388608\n'))).to.equal(1 << 22);
  });

  it('are left to a kernel that does not tell what it allows', async () => {
    const buffer = await socketBuffer(saying('sysctl: cannot stat /proc/sys/net/core/rmem_max\n', 1));
    expect(buffer).to.equal(undefined);
    const sending = { address: '10.1.0.1', port: 5201, seconds: 3, connectTimeout: 1000 };
    const udp = { bitsPerSecond: 1000, octets: 100 };
    expect(sender({ ...sending, udp, socketBuffer: buffer })).not.to.contain('-w');
    expect(sender({ ...sending, udp, socketBuffer: 212_992 }).join(' ')).to.contain('-w 212992');
  });
});
