import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NetmgrError } from '../errors.js';
import type { Credentials } from '../manager/model/real-environment.js';
import type { LabCredentials, LabJob, LabKernel } from './control/message.js';
import type { LabOptions } from './lab-options.js';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
/** The inside's program. Labs run from the built package, whatever reads this file. */
export const INSIDE_MAIN = join(PACKAGE, 'dist/lab/inside/main.js');
const NETMGR_MAIN = join(PACKAGE, 'dist/cli/main.js');
const ERLANG_LIBRARIES = '/usr/lib/erlang/lib';

/** @throws NetmgrError where the real environment or its credentials cannot be had in a lab. */
export function makeJob(
  options: LabOptions,
  kernel: LabKernel,
  terminal: boolean,
  part: Pick<LabJob, 'part' | 'ownHosts' | 'layout'>,
): LabJob {
  const netmgr = [process.execPath, NETMGR_MAIN] as const;
  const cwd = process.cwd();
  const real = resolve(options.realPath);
  const virtual = options.virtualPath === undefined ? undefined : resolve(options.virtualPath);
  refuseHidden([cwd, real, ...(virtual === undefined ? [] : [virtual])]);
  return {
    kernel,
    ...part,
    credentials: options.real.credentials.map(labCredentials),
    ...(options.agents ? { agent: options.agentCommand ?? [...netmgr, 'agent', 'run'] } : {}),
    netmgr,
    real,
    ...(virtual === undefined ? {} : { virtual }),
    command: options.command,
    terminal,
    relay: kernel === 'uml' && !terminal,
    cwd,
    env: ownEnvironment(),
    mibDirectories: mibDirectories(),
  };
}

/** The lab has a /run of its own. */
function refuseHidden(paths: readonly string[]): void {
  for (const path of paths) {
    if (!/^\/(run|var\/run|proc|sys|dev)(\/|$)/.test(path)) continue;
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${path} cannot be seen inside a lab`,
      hint: 'Start the lab in another directory, with files from elsewhere: it has its own /run, /proc, /sys and /dev.',
    });
  }
}

function labCredentials({ name, user, from }: Credentials): LabCredentials {
  const variable = /^env:(.+)$/.exec(from)?.[1];
  if (variable === undefined) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `the credentials ${name} are read from a file, and a lab makes its own secrets`,
      subject: name,
      hint: `Write from="env:NAME" in the lab's real-environment file: the lab sets NAME_AUTH and NAME_PRIV.`,
    });
  }
  const secret = (): string => randomBytes(24).toString('base64url');
  const secrets = { auth: secret(), priv: secret(), readerAuth: secret(), readerPriv: secret() };
  return { name, user, variable, secrets };
}

function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Our module's, and those where the modules that it imports may be; net-snmp goes by the modules' names. */
function mibDirectories(): string[] {
  const erlang = existsSync(ERLANG_LIBRARIES)
    ? readdirSync(ERLANG_LIBRARIES)
        .filter((name) => name.startsWith('snmp-'))
        .map((name) => join(ERLANG_LIBRARIES, name, 'mibs'))
    : [];
  const packaged = fileURLToPath(import.meta.resolve('net-snmp'));
  return [
    join(PACKAGE, 'mibs'),
    ...['/usr/share/snmp/mibs', '/usr/share/snmp/mibs/ietf', '/usr/share/snmp/mibs/iana'],
    ...erlang,
    join(dirname(packaged), 'lib/mibs'),
  ];
}
