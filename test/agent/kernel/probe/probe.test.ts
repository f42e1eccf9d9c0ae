import { expect } from 'chai';
import { probeCapabilities } from '../../../../src/agent/kernel/probe/probe.js';
import { run, type Run } from '../../../../src/process/run.js';

describe('probeCapabilities', function () {
  this.timeout(60_000);

  it('says of each capability either that it is there or what to do, with few processes and nothing left', async () => {
    const before = (await run(['ip', 'netns', 'list'])).stdout;
    let processes = 0;
    const counted: Run = (argv, options) => {
      processes++;
      return run(argv, options);
    };
    const { capabilities, missing } = await probeCapabilities(counted);
    expect([...capabilities, ...missing.keys()].sort()).to.deep.equal(
      [
        'bridgeNetfilter',
        'conntrack',
        'htb',
        'ifb',
        'ip6tables',
        'ipset',
        'iptables',
        'mirred',
        'netem',
        'netemDuplicate',
        'nftBridge',
        'probeConnect',
        'probeEcho',
        'probeThroughput',
        'tbf',
        'u32',
        'vxlan',
      ].sort(),
    );
    expect(processes).to.be.at.most(14);
    expect((await run(['ip', 'netns', 'list'])).stdout).not.to.include('nmprobe-');
    expect(before).not.to.include('nmprobe-');
  });

  it('finds what this machine certainly has, and misses what a host without the tools has not', async () => {
    expect([...(await probeCapabilities(run)).capabilities]).to.include.members([
      ...['htb', 'tbf', 'u32', 'ifb', 'probeEcho', 'probeThroughput', 'probeConnect'],
    ]);
    const without: Run = (argv, options) =>
      argv.includes('nft') ? run(['/nonexistent/nft'], options) : run(argv, options);
    expect((await probeCapabilities(without)).missing.get('nftBridge')).to.match(/package nftables/);
    const withoutTools: Run = (argv, options) =>
      ['fping', 'iperf3', 'socat'].includes(argv[0])
        ? run([`/nonexistent/${argv[0]}`], options)
        : run(argv, options);
    const { missing } = await probeCapabilities(withoutTools);
    expect(missing.get('probeEcho')).to.match(/package fping/);
    expect(missing.get('probeThroughput')).to.match(/package iperf3/);
    expect(missing.get('probeConnect')).to.match(/package socat/);
  });
});
