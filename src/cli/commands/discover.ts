import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { NetmgrError } from '../../errors.js';
import type { DiscoverOptions, Discovery, DiscoveryTarget } from '../../manager/discover/discover.js';
import type { RealFile } from '../../manager/discover/real-file.js';
import { EXIT } from '../exit-codes.js';
import { hostText } from '../output/discover-text.js';
import { Notices } from '../output/notices.js';
import { withProgress } from '../output/progress.js';
import { errorBlock, withoutControls } from '../output/report-errors.js';
import { writeWholeResult } from '../output/write-result.js';
import {
  chooseCredentials,
  parseHost,
  targetOf,
  targetsOf,
  type CredentialFlags,
} from './discovery-targets.js';
import { addSnmpOptions } from './manager-options.js';
import { watchDiscovery } from './watch-discovery.js';
import { wholeNumber } from './whole-number.js';

const DEFAULT_INTERVAL = 2;
const LONGEST_INTERVAL = 3600;

interface DiscoverFlags extends CredentialFlags {
  readonly out?: string;
  readonly fromFile?: string;
  readonly replace?: boolean;
  readonly prune?: boolean;
  readonly name: string;
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
}

export function discoverCommand(): Command {
  return addSnmpOptions(
    new Command('discover')
      .description('Ask hosts what runs there, and write the real-environment file. Nothing is changed.')
      .argument('[host...]', '[NAME=]ADDRESS[:PORT], or a real file that ends in .xml')
      .option('-o, --out <file>', 'the real-environment file (default: standard output)')
      .option('--from-file <real>', 'ask the hosts of this file, and keep what people wrote in it'),
  )
    .option('--replace', 'write --out even if there is a file of this name that was not read')
    .option('--prune', 'take machines out of the file that no host has, if all hosts answered')
    .option('--name <name>', 'the name of a new environment', 'discovered')
    .option(
      '--credentials <name>',
      'the name of the credentials in the file (default: its only ones, or lab)',
    )
    .option('--user <user>', 'the SNMPv3 user of new credentials', 'netmgr')
    .addOption(
      new Option('--auth <protocol>', 'how it proves itself').choices(['SHA-256']).default('SHA-256'),
    )
    .addOption(
      new Option('--priv <protocol>', 'how it hides what it says').choices(['AES-128']).default('AES-128'),
    )
    .option('--from <source>', 'where its secrets are: env:NAME or file:PATH', 'env:NETMGR_LAB')
    .option(
      '--watch',
      'go on, and show what changes: machines that come, go, move or change, and their interfaces',
    )
    .option(
      '--interval <s>',
      'seconds from one look to the next with --watch',
      wholeNumber(1, LONGEST_INTERVAL),
      DEFAULT_INTERVAL,
    )
    .option('--json', 'print what was found, or the errors, as JSON; with --watch a line for each change')
    .addHelpText(
      'after',
      `
Machines whose interfaces cannot be managed are comments in the file, with the
reason; it is told, too. A host that cannot be asked is an error (exit code 1),
and the file is written of the others. Of new hosts the two secrets are those
of --from, such as the variables NETMGR_LAB_AUTH and NETMGR_LAB_PRIV.

Examples:
  netmgr discover host1=172.16.0.1 host2=172.16.0.2 -o real.xml
  netmgr discover real.xml -o real.xml
  netmgr discover real.xml --watch`,
    )
    .action(async (hosts: readonly string[], flags: DiscoverFlags) => {
      const notices = new Notices();
      const { targets, existing } = await readTargets(hosts, flags);
      const options: DiscoverOptions = {
        ...{ timeout: flags.timeout, retries: flags.retries },
        onWarning: (warning) => notices.warnings.push(warning),
      };
      if (flags.watch === true) await watchDiscovery(targets, options, flags);
      else await discoverOnce(targets, existing, options, flags, notices);
    });
}

/** What is asked, and the file that is updated if there is one. */
async function readTargets(
  hosts: readonly string[],
  flags: DiscoverFlags,
): Promise<{ targets: DiscoveryTarget[]; existing: string | undefined }> {
  const files = [...hosts.filter(isFile), ...(flags.fromFile === undefined ? [] : [flags.fromFile])];
  const [existing, second] = files;
  if (second !== undefined) throw refusal('there are two real files', 'Give one; its hosts are asked.');
  const written = hosts.filter((host) => !isFile(host)).map(parseHost);
  if (existing === undefined && written.length === 0)
    throw refusal('no host is named', 'Write [NAME=]ADDRESS[:PORT] for each host, or a real file.');
  if (flags.watch === true && flags.out !== undefined)
    throw refusal('--watch writes no file', 'Leave --out or --watch out.');
  if (flags.out !== undefined) await expectOwn(flags.out, existing, flags.replace === true);
  const { readRealEnvironment } = await import('../../manager/xml/read-real-environment.js');
  const real = existing === undefined ? undefined : (await readRealEnvironment(existing)).environment;
  const credentials = chooseCredentials(flags, real?.credentials);
  const named = await Promise.all(written.map((host) => targetOf(host, credentials)));
  return { targets: [...(real === undefined ? [] : targetsOf(real)), ...named], existing };
}

const isFile = (host: string): boolean => host.endsWith('.xml');

async function discoverOnce(
  targets: readonly DiscoveryTarget[],
  existing: string | undefined,
  options: DiscoverOptions,
  flags: DiscoverFlags,
  notices: Notices,
): Promise<void> {
  const { discover, labelOf } = await import('../../manager/discover/discover.js');
  const { realFileOf } = await import('../../manager/discover/make-real-file.js');
  const isJson = flags.json === true;
  const discovery = await withProgress(targets.map(labelOf), isJson, (onStep) =>
    discover(targets, {
      ...options,
      onHost: (label, result) => onStep(label, 'errors' in result ? 'failed' : 'done'),
    }),
  );
  const file = await realFileOf(discovery, { name: flags.name, existing, prune: flags.prune === true });
  if (flags.out !== undefined) await writeWholeResult(flags.out, file.text, 'the real-environment file');
  if (discovery.failures.length > 0) process.exitCode = EXIT.error;
  if (isJson) {
    process.stdout.write(`${JSON.stringify(plain(discovery, file, flags, notices), undefined, 2)}\n`);
    return;
  }
  if (flags.out === undefined) process.stdout.write(file.text);
  else for (const { host } of discovery.hosts) process.stdout.write(`${hostText(host)}\n`);
  for (const { subject, text } of file.notes)
    process.stderr.write(withoutControls(`${subject}: ${text}`) + '\n');
  notices.printWarnings();
  const blocks = new Set(discovery.failures.flatMap(({ errors }) => errors.map(errorBlock)));
  for (const block of blocks) process.stderr.write(`${block}\n`);
}

function plain(discovery: Discovery, file: RealFile, flags: DiscoverFlags, notices: Notices): object {
  const { hosts, failures } = discovery;
  const errors = failures.flatMap((failure) => failure.errors);
  return {
    ok: failures.length === 0,
    hosts: hosts.map(({ target, host }) => {
      const { name, ...rest } = host;
      return { ...{ name, address: target.address.toString(), port: target.port }, ...rest };
    }),
    ...(errors.length === 0 ? {} : { errors }),
    ...{ notes: file.notes, warnings: notices.warnings },
    ...(flags.out === undefined ? { xml: file.text } : { file: flags.out }),
  };
}

/** A file that people wrote is not lost. @throws NetmgrError `Conflict` */
async function expectOwn(out: string, existing: string | undefined, mayReplace: boolean): Promise<void> {
  if (mayReplace || (existing !== undefined && resolve(out) === resolve(existing))) return;
  const known = await stat(out).catch(() => undefined);
  if (known?.isFile() !== true) return;
  throw new NetmgrError({
    kind: 'Conflict',
    message: `there is a file ${out} already`,
    hint: `Say --from-file ${out} to keep what people wrote in it, or --replace.`,
  });
}

const refusal = (message: string, hint: string): NetmgrError =>
  new NetmgrError({ kind: 'InvalidInput', message, hint });
