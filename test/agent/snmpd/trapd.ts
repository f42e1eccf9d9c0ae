import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { start } from '../../../src/process/run.js';
import { freePort } from './private-snmpd.js';

/** A real snmptrapd on the loopback interface. */
export interface Trapd {
  /** `udp:127.0.0.1:40123`. */
  readonly address: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts snmptrapd; it is there when this fulfils. @param port one that is free if it is not given */
export async function startTrapd(engineId: string, port?: number): Promise<Trapd> {
  const directory = mkdtempSync(join(tmpdir(), 'netmgr-trapd-'));
  const log = join(directory, 'log');
  const config = join(directory, 'trapd.conf');
  writeFileSync(config, `exactEngineID 0x${engineId}\nauthUser log nobody priv\n`);
  writeFileSync(log, '');
  const at = port ?? (await freePort());
  const address = `udp:127.0.0.1:${String(at)}`;
  const child = start(['snmptrapd', '-f', '-C', '-c', config, '-Lf', log, address], {
    stderr: 'pipe',
    env: { SNMP_PERSISTENT_DIR: directory, SNMPCONFPATH: directory, MIBS: '' },
  });
  child.stderr.resume();
  const ended = child.then(() => true);
  while (!readFileSync(log, 'utf8').includes('NET-SNMP version')) {
    if (await Promise.race([ended, delay(20, false)])) throw new Error(readFileSync(log, 'utf8'));
  }
  let isStopped = false;
  return {
    address,
    port: at,
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
