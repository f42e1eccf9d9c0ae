import { NetmgrError } from '../../errors.js';
import { cfgAction, cfgResult, type CfgAction, type CfgResult } from '../../mib/cfg-scalars.js';
import type { Configuration } from '../../mib/configuration.js';

/** A configuration with the name that its manager gave it. */
export interface Labelled {
  readonly configuration: Configuration;
  readonly label: string;
}

/** Where between two configurations the host is. */
export type Phase =
  /** It runs `running`. */
  | { readonly name: 'idle' }
  /** It is on the way from `running` to `target`. */
  | { readonly name: 'applying'; readonly target: Labelled }
  /** It runs `running`, and goes back to `previous` unless that is confirmed. */
  | { readonly name: 'confirmWait'; readonly boot: string; readonly deadline?: number }
  /** It is on the way from `running` to `previous`. */
  | { readonly name: 'rollingBack'; readonly expired: boolean };

/** How the last action ended, for managers that ask after a restart. */
export interface LastAction {
  readonly action: CfgAction;
  /** Of the configuration that it was about, hexadecimal. */
  readonly digest: string;
  readonly result: CfgResult;
}

/** What a manager sets once and for all. */
export interface Settings {
  /** Seconds; 0: the host is examined when somebody asks. */
  readonly auditInterval: number;
  readonly autoRepair: boolean;
  readonly notifyEnable: boolean;
  /** Seconds. */
  readonly notifyMinInterval: number;
}

/** The DEFVALs of the MIB. */
export const DEFAULT_SETTINGS: Settings = {
  auditInterval: 30,
  autoRepair: false,
  notifyEnable: true,
  notifyMinInterval: 10,
};

/** What an agent knows across its restarts. */
export interface AgentState {
  readonly phase: Phase;
  readonly running: Labelled;
  readonly previous: Labelled;
  readonly generation: number;
  readonly confirmedGeneration: number;
  /** When the running configuration was committed. */
  readonly runningTime?: Date;
  readonly last: LastAction;
  readonly settings: Settings;
}

/** The form of the file; a later version reads the earlier ones. */
export const STATE_VERSION = 1;

/** A configuration by its digest, as the state's file names it. */
export interface Reference {
  readonly digest: string;
  readonly label: string;
}

/** An {@link AgentState} as plain data. */
export interface StateJson {
  readonly version: number;
  readonly phase: { readonly name: string } & Readonly<Record<string, unknown>>;
  readonly running: Reference;
  readonly previous: Reference;
  readonly generation: number;
  readonly confirmedGeneration: number;
  readonly runningTime?: string;
  readonly last: LastAction;
  readonly settings: Settings;
}

const referTo = ({ configuration, label }: Labelled): Reference => ({
  digest: configuration.digest().toString('hex'),
  label,
});

export function stateToJson({ phase, running, previous, runningTime, ...rest }: AgentState): StateJson {
  return {
    version: STATE_VERSION,
    phase: phase.name === 'applying' ? { name: phase.name, target: referTo(phase.target) } : { ...phase },
    running: referTo(running),
    previous: referTo(previous),
    ...(runningTime === undefined ? {} : { runningTime: runningTime.toISOString() }),
    ...rest,
  };
}

/** Finds a configuration by what the state's file says of it; one that is damaged is replaced by `other`, if given. */
export type FindConfiguration = (reference: Reference, other?: Labelled) => Promise<Labelled>;

/**
 * The reverse of {@link stateToJson}.
 *
 * @throws NetmgrError `InvalidInput` if that is no state, `Conflict` if a later version wrote it
 */
export async function stateFromJson(json: unknown, find: FindConfiguration): Promise<AgentState> {
  const state = recordOf(json, 'the state');
  if (typeof state['version'] === 'number' && state['version'] > STATE_VERSION) {
    throw new NetmgrError({
      kind: 'Conflict',
      message: `it was written by a later version of netmgr (form ${String(state['version'])}, this one knows ${String(STATE_VERSION)})`,
      hint: 'Run that version, or `netmgr agent clean` with it and then remove the state directory.',
    });
  }
  if (state['version'] !== STATE_VERSION) throw unreadable('the version');
  const { runningTime, confirmedGeneration: confirmed } = state;
  const running = await find(referenceOf(state['running']));
  const previous = await find(referenceOf(state['previous']), running);
  return {
    phase: await phaseOf(recordOf(state['phase'], 'the phase'), (reference) => find(reference, running)),
    running,
    previous,
    generation: numberOf(state['generation'], 'the generation'),
    // The first ones did not write it: nobody is known to have agreed, and the next apply does.
    confirmedGeneration: confirmed === undefined ? 0 : numberOf(confirmed, 'the confirmed generation'),
    ...(typeof runningTime === 'string' ? { runningTime: new Date(runningTime) } : {}),
    last: lastOf(recordOf(state['last'], 'the last action')),
    settings: settingsOf(recordOf(state['settings'], 'the settings')),
  };
}

async function phaseOf(phase: Record<string, unknown>, find: FindConfiguration): Promise<Phase> {
  const { deadline, boot } = phase;
  switch (phase['name']) {
    case 'idle':
      return { name: 'idle' };
    case 'applying':
      return { name: 'applying', target: await find(referenceOf(phase['target'])) };
    case 'confirmWait':
      return {
        name: 'confirmWait',
        boot: typeof boot === 'string' ? boot : '',
        ...(deadline === undefined ? {} : { deadline: numberOf(deadline, 'the deadline') }),
      };
    case 'rollingBack':
      return { name: 'rollingBack', expired: phase['expired'] === true };
    default:
      throw unreadable('the phase');
  }
}

function referenceOf(json: unknown): Reference {
  const { digest, label } = recordOf(json, 'a configuration');
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) throw unreadable('a digest');
  return { digest, label: typeof label === 'string' ? label : '' };
}

function lastOf({ action, digest, result }: Record<string, unknown>): LastAction {
  return {
    action: typeof action === 'string' && action in cfgAction.labels ? (action as CfgAction) : 'none',
    digest: typeof digest === 'string' && /^([0-9a-f]{64})?$/.test(digest) ? digest : '',
    result: typeof result === 'string' && result in cfgResult.labels ? (result as CfgResult) : 'none',
  };
}

function settingsOf(settings: Record<string, unknown>): Settings {
  const { auditInterval, autoRepair, notifyEnable, notifyMinInterval } = settings;
  return {
    auditInterval: typeof auditInterval === 'number' ? auditInterval : DEFAULT_SETTINGS.auditInterval,
    autoRepair: typeof autoRepair === 'boolean' ? autoRepair : DEFAULT_SETTINGS.autoRepair,
    notifyEnable: typeof notifyEnable === 'boolean' ? notifyEnable : DEFAULT_SETTINGS.notifyEnable,
    notifyMinInterval:
      typeof notifyMinInterval === 'number' ? notifyMinInterval : DEFAULT_SETTINGS.notifyMinInterval,
  };
}

function recordOf(json: unknown, what: string): Record<string, unknown> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  throw unreadable(what);
}

function numberOf(json: unknown, what: string): number {
  if (typeof json === 'number' && Number.isFinite(json) && json >= 0) return json;
  throw unreadable(what);
}

function unreadable(what: string): NetmgrError {
  return new NetmgrError({ kind: 'InvalidInput', message: `${what} cannot be read` });
}
