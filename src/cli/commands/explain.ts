import { Command, Option } from 'commander';
import { NetmgrError } from '../../errors.js';
import type { Packet } from '../../manager/merge/wanted-network.js';
import { EXIT } from '../exit-codes.js';
import { Notices } from '../output/notices.js';
import { uninterrupted } from '../uninterrupted.js';
import { loadManager } from './load-manager.js';
import { addManagerOptions, managerOptions, type ManagerFlags } from './manager-options.js';
import { wholeNumber } from './whole-number.js';

const LAST_PORT = 65_535;

interface ExplainFlags extends ManagerFlags {
  readonly protocol?: Packet['protocol'];
  readonly port?: number;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly probe?: boolean;
}

export function explainCommand(): Command {
  return addManagerOptions(
    new Command('explain')
      .description('Explain what happens to packets from one node to another.')
      .argument('<real>', 'the real-environment file: what is there')
      .argument('<virtual>', 'the virtual-environment file: what is wanted')
      .argument('<from>', 'a node: site1/vm1, vm1, or an address of it')
      .argument('<to>', 'another node'),
  )
    .addOption(
      new Option('--protocol <name>', 'of the packet (default: icmp, or tcp with a port)').choices([
        'icmp',
        'tcp',
        'udp',
      ]),
    )
    .option('--port <number>', 'that it is for, with tcp and udp', wholeNumber(1, LAST_PORT))
    .addOption(new Option('-4, --ipv4', 'by IPv4 (default, where both nodes have it)').conflicts('ipv6'))
    .option('-6, --ipv6', 'by IPv6')
    .option('--probe', 'send one, and see where it gets')
    .addHelpText(
      'after',
      `
It says whether the packet may pass and which line of the file decides that; which rule of the kernel decides it on each
host on the way, and how many packets that rule has seen; what shapes it each way; and what was measured last.

The exit code is 0 if files, kernels and probe agree, whether or not it passes, and 1 if not.

Examples:
  netmgr explain real.xml virtual.xml site1/vm1 site2/vm2
  netmgr explain real.xml virtual.xml vm1 vm2 --protocol tcp --port 22 --probe`,
    )
    .action(async (real: string, virtual: string, from: string, to: string, flags: ExplainFlags) => {
      const packet = packetOf(flags);
      const notices = new Notices();
      const manager = await loadManager(real, virtual, managerOptions(flags, notices));
      const explanation = await uninterrupted(
        (signal) =>
          manager.explain({
            ...{ from, to, packet, signal, probe: flags.probe === true },
            ...(flags.ipv6 === true && { version: 6 }),
            ...(flags.ipv4 === true && { version: 4 }),
          }),
        'interrupted: ending the probe',
      );
      const { judge } = await import('../../manager/explain/judgement.js');
      if (judge(explanation).contradictions.length > 0) process.exitCode = EXIT.error;
      notices.printWarnings();
      if (flags.json === true) {
        const { plainExplanation } = await import('../../manager/explain/plain-explanation.js');
        const json = {
          ok: process.exitCode !== EXIT.error,
          ...plainExplanation(explanation),
          ...notices.toJSON(),
        };
        process.stdout.write(`${JSON.stringify(json, undefined, 2)}\n`);
        return;
      }
      const { explainText } = await import('../output/explain-text.js');
      process.stdout.write(`${explainText(explanation)}\n`);
    });
}

/** @throws NetmgrError `InvalidInput` for a port where there are none, or none where there are */
function packetOf({ protocol: said, port: number }: ExplainFlags): Packet {
  const protocol = said ?? (number === undefined ? 'icmp' : 'tcp');
  if (protocol === 'icmp' && number !== undefined) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: 'icmp has no ports',
      hint: 'Leave --port out, or say --protocol tcp or udp.',
    });
  }
  if (protocol !== 'icmp' && number === undefined) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `a packet of ${protocol} is for a port`,
      hint: 'Say which: --port 22.',
    });
  }
  return { protocol, ...(number !== undefined && { port: number }) };
}
