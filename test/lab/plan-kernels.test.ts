import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { CommonSteps } from '../../src/lab/common-steps.js';
import type { Wire } from '../../src/lab/kernel/wire.js';
import { planKernels } from '../../src/lab/plan-kernels.js';
import { parseRealEnvironment } from '../../src/manager/xml/read-real-environment.js';
import { PAIR } from './lab-process.js';

const settings = (wire: Wire): Readonly<Record<string, string>> =>
  Object.fromEntries(wire.split(',').map((word) => word.split('=') as [string, string]));

describe('planKernels', () => {
  const plan = async (): Promise<ReturnType<typeof planKernels>> =>
    planKernels((await parseRealEnvironment(readFileSync(PAIR, 'utf8'), 'test.xml')).environment);

  it('gives each host its own machines, and the lab none', async () => {
    const { lab, hosts } = await plan();
    expect(lab.layout.namespaces).to.deep.equal([]);
    expect(hosts.get('host1')?.layout.namespaces).to.deep.equal(['host1', 'proxy1', 'node2']);
    expect(hosts.get('host2')?.layout.namespaces).to.deep.equal(['host2', 'proxy2', 'node1']);
  });

  it('joins each wire of a host with the port that is meant for it', async () => {
    const { lab, hosts } = await plan();
    const others = [...hosts].flatMap(([host, { wires, layout }]) =>
      wires.map((wire, index) => ({ host, wire: settings(wire), move: layout.root.ip[index] })),
    );
    const joined = lab.wires.map((wire, index) => {
      const { srcport, dstport, tx_cookie } = settings(wire);
      const other = others.find((one) => one.wire['srcport'] === dstport);
      expect(other?.wire).to.include({ dstport: srcport, rx_cookie: tx_cookie });
      return [lab.layout.root.ip[index], other?.move];
    });
    expect(joined).to.deep.equal([
      ['link set dev vec0 name m0', 'link set dev vec0 netns host1 name mgmt0'],
      ['link set dev vec1 name m1', 'link set dev vec0 netns host2 name mgmt0'],
      ['link set dev vec2 name u0', 'link set dev vec1 netns host1 name eth0'],
      ['link set dev vec3 name u1', 'link set dev vec1 netns host2 name eth0'],
    ]);
  });
});

describe('CommonSteps', () => {
  it('tells of a step once all kernels have done it, and of steps in their order', () => {
    const told: string[] = [];
    const steps = new CommonSteps(
      [
        { step: 'kernel', kernels: 2, detail: 'uml' },
        { step: 'build', kernels: 2, detail: 'all' },
      ],
      ({ step, state }) => told.push(`${step} ${state}`),
    );
    const done = (step: 'kernel' | 'build' | 'apply'): void =>
      steps.take({ type: 'step', step, state: 'done', milliseconds: 1 });
    done('kernel');
    done('build');
    expect(told).to.deep.equal([]);
    done('kernel');
    expect(told).to.deep.equal(['kernel done', 'build begun']);
    done('build');
    done('apply');
    expect(told).to.deep.equal(['kernel done', 'build begun', 'build done', 'apply done']);
  });
});
