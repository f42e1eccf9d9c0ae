import { configurationFromJson, configurationToJson } from '../../mib/configuration-json.js';
import type { Configuration } from '../../mib/configuration.js';
import { NetmgrError } from '../../errors.js';
import { Component, type TableRow } from '../components/component.js';
import { EnvironmentComponent } from '../components/environment-component.js';
import { HostComponent } from '../components/host-component.js';
import { configTables } from '../../mib/tables.js';
import type { RealEnvironment } from '../model/real-environment.js';
import { parseRealEnvironment } from '../xml/read-real-environment.js';
import { writeRealEnvironment } from '../xml/write-real-environment.js';
import { JsonReader } from './json-reader.js';

/** The form of the file. */
const VERSION = 1;

const read = new JsonReader('it is no plan of netmgr');

/** A plan that can be applied as it was made, as long as the hosts run what they ran then. */
export interface SavedPlan {
  readonly time: Date;
  /** The hosts, as the real file had them; it names secrets, and has none. */
  readonly real: RealEnvironment;
  /** What they are to run. */
  readonly environment: EnvironmentComponent;
  /** What they ran when the plan was made, by the names of hosts. */
  readonly runningDigests: ReadonlyMap<string, Buffer>;
}

/** The text of a plan's file. */
export function savedPlanText({ time, real, environment, runningDigests }: SavedPlan): string {
  const plan = {
    version: VERSION,
    time: time.toISOString(),
    environment: environment.name,
    real: writeRealEnvironment(real),
    hosts: environment.hosts.map(({ path, configuration }) => ({
      name: path,
      runningDigest: runningDigests.get(path)?.toString('hex'),
      digest: configuration.digest().toString('hex'),
      configuration: configurationToJson(configuration),
    })),
  };
  return `${JSON.stringify(plan, undefined, 1)}\n`;
}

/**
 * The reverse of {@link savedPlanText}.
 *
 * @param file its name, for messages
 * @throws NetmgrError `InvalidInput` if that is no plan, `Conflict` if a later version wrote it
 */
export async function parseSavedPlan(text: string, file: string): Promise<SavedPlan> {
  try {
    return await planOf(read.record(JSON.parse(text)), file);
  } catch (error) {
    if (error instanceof NetmgrError && error.kind === 'Conflict') throw error;
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${file} holds no plan that can be applied`,
      hint: 'Give the file that `netmgr plan --out` has written.',
      cause: error,
    });
  }
}

async function planOf(plan: Readonly<Record<string, unknown>>, file: string): Promise<SavedPlan> {
  const { version, time } = plan;
  if (typeof version === 'number' && version > VERSION) {
    throw new NetmgrError({
      kind: 'Conflict',
      message: `${file} was written by a later version of netmgr (form ${String(version)}, this one knows ${String(VERSION)})`,
      hint: 'Apply it with that version, or plan again.',
    });
  }
  const made = new Date(read.text(time));
  if (version !== VERSION || Number.isNaN(made.getTime())) throw read.unreadable();
  const { environment: real } = await parseRealEnvironment(read.text(plan['real']), file);
  const planned = new Map(
    read.list(plan['hosts']).map((json) => {
      const { name, ...host } = read.record(json);
      return [read.text(name), host] as const;
    }),
  );
  const runningDigests = new Map<string, Buffer>();
  const hosts = real.hosts.map((host) => {
    const { runningDigest, digest, configuration: rows } = read.record(planned.get(host.name));
    const configuration = configurationFromJson(rows);
    if (!read.digest(digest).equals(configuration.digest())) throw read.unreadable();
    runningDigests.set(host.name, read.digest(runningDigest));
    return new HostComponent(host, [new Component('plan', 'the plan', rowsOf(configuration))]);
  });
  return {
    ...{ time: made, real, runningDigests },
    environment: new EnvironmentComponent(read.text(plan['environment']), hosts),
  };
}

function rowsOf(configuration: Configuration): TableRow[] {
  return configTables.flatMap((table) => configuration.entries(table).map(({ row }) => ({ table, row })));
}
