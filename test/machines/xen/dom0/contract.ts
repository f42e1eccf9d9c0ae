// Holds the driver against the contract of drivers, in dom0: node --test-reporter=spec contract.mjs BRIDGE DOMAIN DOMAIN, where each
// domain is what domains.ts has of it, as JSON, and runs.
import { after, before, describe, it } from 'node:test';
import { readLinks } from '../../../../src/agent/kernel/ip/links.js';
import { XenMachines } from '../../../../src/agent/machines/xen/xen-machines.js';
import { run } from '../../../../src/process/run.js';
import { keepsTheContract } from '../../contract.js';
import { untilReady, type FixtureMachine, type MachineFixture } from '../../fixture.js';
import { createDomain, type Domain } from '../domains.js';

// In place of mocha's, which consists of many files.
Object.assign(globalThis, { before, after, it });

const [bridge = '', ...texts] = process.argv.slice(2);
const domains = texts.map((text) => JSON.parse(text) as Domain);
const driver = new XenMachines(run);

function domainOf({ name }: FixtureMachine): Domain {
  const found = domains.find((domain) => domain.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

void describe('XenMachines', () => {
  keepsTheContract(async (): Promise<MachineFixture> => {
    const machines = domains.map(({ name, mac, uuid }) => ({ name, mac, aliases: [uuid] }));
    for (const { name } of machines) await untilReady(driver.inside(name));
    return {
      driver,
      machines: machines as unknown as MachineFixture['machines'],
      bridge,
      absent: /Xen runs no domain "nobody" on this host.*xl create/,
      links: () => readLinks(run),
      start: async (machine) => {
        await createDomain(run, domainOf(machine));
        await untilReady(driver.inside(machine.name));
      },
      stop: async ({ name }) => {
        await run(['xl', 'destroy', name]);
      },
      close: () => Promise.resolve(),
    };
  });
});
