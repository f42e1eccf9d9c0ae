import { setTimeout as sleep } from 'node:timers/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { messageOf } from '../../errors.js';
import { run } from '../../process/run.js';
import type { Placement, Protocol } from '../experiments.js';
import { untilIdle } from './until-idle.js';

/** A machine of fixtures/real-env/evaluation.xml. */
export interface Actor {
  readonly machine: string;
  readonly address: string;
  /** The vif at which what it receives is shaped. */
  readonly host: string;
  readonly vif: string;
}

export const SENDER: Actor = { machine: 'sender', address: '10.1.0.1', host: 'host1', vif: 'vif1.0' };

/** Who receives. TCP and UDP have machines, and so links, of their own. */
export const RECEIVERS: Readonly<Record<Placement, Readonly<Record<Protocol, Actor>>>> = {
  local: {
    tcp: { machine: 'near1', address: '10.2.0.1', host: 'host1', vif: 'vif2.0' },
    udp: { machine: 'near2', address: '10.2.0.2', host: 'host1', vif: 'vif3.0' },
  },
  remote: {
    tcp: { machine: 'far1', address: '10.3.0.1', host: 'host2', vif: 'vif1.0' },
    udp: { machine: 'far2', address: '10.3.0.2', host: 'host2', vif: 'vif2.0' },
  },
};

/** Two machines of two hosts with nothing between them. */
export const WATCH = {
  from: { machine: 'watch1', address: '10.4.0.1' },
  to: { machine: 'watch2', address: '10.4.0.2' },
} as const;

const DIRECTORY = 'virtual';
const APPLY_TIMEOUT = 300_000;
/** On a busy machine an agent may be too slow for its snmpd. */
const ATTEMPTS = 4;
const PAUSE = 5000;

/**
 * The virtual environment with links of these attributes from the sender to the machines of its own host and of the
 * other one.
 */
export function virtualText(attributes: string): string {
  const site = (
    name: string,
    network: string,
    nodes: readonly { machine: string; address: string }[],
  ): string =>
    [
      `  <site name="${name}" network="${network}">`,
      ...nodes.map((node) => `    <node vm="${node.machine}" address="${node.address}" role="proxy"/>`),
      '  </site>',
    ].join('\n');
  const { local, remote } = RECEIVERS;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="evaluation">',
    site('source', '10.1.0.0/24', [SENDER]),
    site('near', '10.2.0.0/24', [local.tcp, local.udp]),
    site('far', '10.3.0.0/24', [remote.tcp, remote.udp]),
    site('watch', '10.4.0.0/24', [WATCH.from, WATCH.to]),
    `  <link from="source" to="near" ${attributes}/>`,
    `  <link from="source" to="far" ${attributes}/>`,
    '</virtual-environment>\n',
  ].join('\n');
}

/** Applies links with these attributes, as a user would; the file stays in the directory `virtual`. */
export async function applyLinks(real: string, name: string, attributes: string): Promise<void> {
  await mkdir(DIRECTORY, { recursive: true });
  const path = `${DIRECTORY}/${name}.xml`;
  await writeFile(path, virtualText(attributes));
  await applyFile(real, path);
}

/** Applies a file as a user would, who tries again where a busy agent did not answer in time. */
export async function applyFile(real: string, path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await run(['netmgr', 'apply', real, path], { timeout: APPLY_TIMEOUT, subject: path });
      await untilIdle();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      process.stderr.write(`Applied again: ${messageOf(error).split('\n').slice(-3).join(' ')}\n`);
      await sleep(PAUSE);
    }
  }
}
