import type { Configuration } from '../../mib/configuration.js';
import { oidSuffix, oidText } from '../../mib/oid.js';
import { probeScalars } from '../../mib/probe-scalars.js';
import { probeTable, type ProbeRow } from '../../mib/probe-table.js';
import { instanceOf } from '../../mib/scalar.js';
import type { VarBind } from '../../mib/value.js';
import type { PreparedSet, SetRefusal } from '../agentx/subagent-handler.js';
import { rowAfter } from '../tables/row-edits.js';
import { decode, decodeCell, SetError, type RowEdit } from '../tables/set-request.js';
import { canBeAsked } from './can-be-asked.js';
import { ProbeRequest } from './probe-request.js';
import { MOST_REQUESTS, MOST_RUNS, type ProbeStore } from './probe-store.js';

const { start } = probeScalars.scalars;

/** What a SET wants of the probes. */
interface ProbeSet {
  readonly edits: readonly RowEdit[];
  /** The run to begin, and the varbind that says so. */
  readonly start?: { readonly run: number; readonly at: number };
}

/** What becomes of one row. */
interface ProbeChange {
  readonly run: number;
  readonly number: number;
  readonly before: ProbeRequest | undefined;
  /** Undefined: it is removed. */
  readonly after: ProbeRequest | undefined;
}

/**
 * Writes of managers to netemuProbe, one PDU at a time and each PDU whole or not at all (RFC 2741 section 7.2.4). They
 * may be repeated: what is so already stays as it is, and what has begun is not begun again.
 */
export class ProbeWriter {
  /**
   * @param running the running configuration
   * @param begin begins what waits of a run
   */
  constructor(
    private readonly store: ProbeStore,
    private readonly running: () => Configuration,
    private readonly begin: (run: number) => void,
  ) {}

  /** TestSet: what the PDU would do, or why it cannot. */
  test(varBinds: readonly VarBind[]): PreparedSet | SetRefusal {
    try {
      return this.#prepare(decodeProbeSet(varBinds));
    } catch (error) {
      if (error instanceof SetError) return { status: error.status, index: error.index };
      throw error;
    }
  }

  #prepare(set: ProbeSet): PreparedSet {
    const running = this.running();
    const changes = set.edits.flatMap((edit) => this.#changeOf(edit, running));
    this.#checkBounds(changes, set.edits.at(-1)?.at ?? 1);
    const { store } = this;
    if (set.start !== undefined) {
      const { run, at } = set.start;
      const removed = changes.filter((change) => change.run === run && change.before && !change.after);
      const isMade = changes.some((change) => change.run === run && change.after !== undefined);
      if (!isMade && store.requestsOf(run).length === removed.length) {
        throw new SetError('inconsistentValue', at);
      }
    }
    let isCommitted = false;
    return {
      commit: () => {
        isCommitted = true;
        for (const change of changes) put(store, change, change.after);
      },
      undo: () => {
        isCommitted = false;
        for (const change of changes) put(store, change, change.before);
      },
      cleanup: () => {
        // Not before: another subagent of the same PDU could still fail and undo this.
        if (!isCommitted) return;
        for (const { before } of changes) before?.end();
        for (const { key } of set.edits) store.touch((key as Pick<ProbeRow, 'run'>).run);
        if (set.start === undefined) return;
        store.touch(set.start.run);
        this.begin(set.start.run);
      },
    };
  }

  /** Empty where the row is already as it shall be. */
  #changeOf(edit: RowEdit, running: Configuration): ProbeChange[] {
    const { run, number } = edit.key as Pick<ProbeRow, 'run' | 'number'>;
    const before = this.store.get(run, number);
    const row = rowAfter(edit, before?.row) as ProbeRow | undefined;
    if (row === undefined) return before === undefined ? [] : [{ run, number, before, after: undefined }];
    if (before !== undefined && isSame(before.row, row)) return [];
    if (before?.begun === true || !canBeAsked(row, running)) {
      throw new SetError('inconsistentValue', edit.at);
    }
    return [{ run, number, before, after: new ProbeRequest(row) }];
  }

  #checkBounds(changes: readonly ProbeChange[], at: number): void {
    const made = changes.filter(({ before, after }) => before === undefined && after !== undefined);
    const runs = new Set([...this.store.runs, ...made.map(({ run }) => run)]);
    if (made.length > 0 && (this.store.size + made.length > MOST_REQUESTS || runs.size > MOST_RUNS)) {
      throw new SetError('resourceUnavailable', at);
    }
  }
}

/** Takes a SET apart and checks each varbind by itself. @throws SetError */
function decodeProbeSet(varBinds: readonly VarBind[]): ProbeSet {
  const rows = new Map<string, RowEdit>();
  let run: ProbeSet['start'];
  varBinds.forEach((varBind, i) => {
    const at = i + 1;
    if (oidSuffix(varBind.oid, start.oid) === undefined) {
      decodeCell([probeTable], varBind, at, rows);
      return;
    }
    if (oidText(varBind.oid) !== oidText(instanceOf(start))) throw new SetError('noCreation', at);
    run = { run: decode(start, varBind.value, at), at };
    if (run.run === 0) throw new SetError('wrongValue', at);
  });
  const edits = [...rows.values()];
  return run === undefined ? { edits } : { edits, start: run };
}

function put(store: ProbeStore, { run, number }: ProbeChange, request: ProbeRequest | undefined): void {
  if (request === undefined) store.delete(run, number);
  else store.set(request);
}

function isSame(a: ProbeRow, b: ProbeRow): boolean {
  return (Object.keys(probeTable.columns) as (keyof ProbeRow)[]).every((name) => a[name] === b[name]);
}
