import { setTimeout as sleep } from 'node:timers/promises';
import { ApplyError, NetmgrError } from '../../errors.js';
import { cfgScalars, isBusyState, type CfgAction } from '../../mib/cfg-scalars.js';
import { Configuration } from '../../mib/configuration.js';
import { errorTable } from '../../mib/error-table.js';
import { instanceOf } from '../../mib/scalar.js';
import { configTables } from '../../mib/tables.js';
import type { VarBind } from '../../mib/value.js';
import { readCommitStatus, type CommitStatus } from './agent-status.js';
import { Candidate } from './candidate.js';
import { objectName } from './object-name.js';
import { readTable } from './read-table.js';
import type { SnmpSession } from './snmp-session.js';

/** Milliseconds between two looks at an action under way: short at first, since most end at once. */
const FIRST_POLL = 20;
const SLOWEST_POLL = 500;
/** Milliseconds after which an agent that is still busy is given up. */
const LONGEST_ACTION = 120_000;

const { scalars } = cfgScalars;

/** The netemuCfg conversation with one agent, under one owner. */
export class AgentSession {
  constructor(
    readonly hostName: string,
    readonly snmp: SnmpSession,
    private readonly owner: string,
  ) {}

  status(): Promise<CommitStatus> {
    return readCommitStatus(this.snmp);
  }

  /** Opens a configuration session: the candidate is then a copy of what runs. */
  async openCandidate(label: string): Promise<Candidate> {
    await this.#set([{ oid: instanceOf(scalars.label), value: scalars.label.syntax.encode(label) }]);
    return new Candidate(await this.readConfiguration(), (varBinds) => this.#set(varBinds));
  }

  /** The candidate; with no manager at work that is what runs. */
  async readConfiguration(): Promise<Configuration> {
    const configuration = new Configuration();
    for (const table of configTables) {
      for (const row of await readTable(this.snmp, table)) configuration.set(table, row as never);
    }
    return configuration;
  }

  /**
   * Has the agent do something about the configuration of that digest, and waits for the end.
   *
   * @throws ApplyError with what the agent lists in netemuErrorTable
   */
  async act(action: CfgAction, digest: Uint8Array): Promise<void> {
    await this.#set([
      { oid: instanceOf(scalars.expectedDigest), value: scalars.expectedDigest.syntax.encode(digest) },
      { oid: instanceOf(scalars.action), value: scalars.action.syntax.encode(action) },
    ]);
    const status = await this.settled();
    if (status.result === 'success') return;
    throw new ApplyError(await this.#errors(action, status), `${this.hostName}: ${status.resultText}`);
  }

  /** Waits until the agent is not busy. */
  async settled(): Promise<CommitStatus> {
    const deadline = performance.now() + LONGEST_ACTION;
    for (let pause = FIRST_POLL; ; pause = Math.min(pause * 2, SLOWEST_POLL)) {
      const status = await this.status();
      if (!isBusyState(status.state)) return status;
      if (performance.now() > deadline) {
        throw new NetmgrError({
          kind: 'Unreachable',
          message: `the agent is still ${status.state} after ${String(LONGEST_ACTION / 1000)} s`,
          subject: this.hostName,
          hint: "Look at the agent's log on that host.",
        });
      }
      await sleep(pause);
    }
  }

  /** Ends the configuration session; what was not committed is dropped. */
  async release(): Promise<void> {
    await this.#set([{ oid: instanceOf(scalars.action), value: scalars.action.syntax.encode('release') }]);
  }

  close(): void {
    this.snmp.close();
  }

  #set(varBinds: readonly VarBind[]): Promise<void> {
    return this.snmp.set([
      { oid: instanceOf(scalars.owner), value: scalars.owner.syntax.encode(this.owner) },
      ...varBinds,
    ]);
  }

  async #errors(action: CfgAction, status: CommitStatus): Promise<NetmgrError[]> {
    const rows = await readTable(this.snmp, errorTable);
    if (rows.length === 0) {
      return [
        new NetmgrError({
          kind: 'Rejected',
          message: `${action} ended with ${status.result}${status.resultText === '' ? '' : `: ${status.resultText}`}`,
          subject: this.hostName,
        }),
      ];
    }
    return rows.map(
      ({ object, code, vif, text }) =>
        new NetmgrError({
          kind: code === 'kernelRefused' || code === 'toolMissing' ? 'CommandFailed' : 'Rejected',
          message: text,
          subject: vif === '' ? this.hostName : `${this.hostName}/${vif}`,
          cause: object.length === 0 ? undefined : new Error(`${code}: ${objectName(object)}`),
        }),
    );
  }
}
