import type { Logger } from 'pino';
import type { CfgAction, CfgResult, CfgScalars } from '../../mib/cfg-scalars.js';
import { cfgNotification, vifFailed, type Notification } from '../../mib/notifications.js';
import type { Settings } from '../store/agent-state.js';
import type { Audit } from './auditor.js';

export interface NotifierNeeds {
  /** @throws Error without a session with snmpd */
  readonly send: (notification: Notification) => Promise<void>;
  readonly settings: () => Settings;
  /** netemuCfg at this moment. */
  readonly values: () => CfgScalars;
  /** What the last action said of a vif; empty if nothing. */
  readonly lastErrorOf: (vif: string) => string;
  readonly log: Logger;
}

/** The actions whose end is notified. */
const COMMITS: ReadonlySet<CfgAction> = new Set<CfgAction>(['commit', 'rollback', 'resync']);
/** Of one examination; more help nobody, and driftDetected still tells how many there are. */
const MOST_VIFS = 20;
/** Kept for a session that is on its way. */
const MOST_KEPT = 50;

/** Tells the receivers of notifications what happened, as netemuNotifyControl wants it. */
export class Notifier {
  #count = 0;
  /** Whether the receivers were told of drift last. */
  #isAnnounced = false;
  #announcedAt = Number.NEGATIVE_INFINITY;
  #later: NodeJS.Timeout | undefined;
  #failed = new Map<string, 'absent' | 'drifted'>();
  #kept: Notification[] = [];
  #isSending = false;

  constructor(private readonly needs: NotifierNeeds) {}

  /** Ends what would keep the process alive. */
  close(): void {
    clearTimeout(this.#later);
  }

  /** Hears of an examination. */
  audited({ drifts, ifIndexes }: Audit): void {
    const before = this.#count;
    this.#count = drifts.length;
    if (this.#count === 0) this.#cleared();
    else if (this.#count > before) this.#detected();
    const failed = new Map<string, 'absent' | 'drifted'>();
    for (const { what, vif } of drifts) {
      if (vif === '') continue;
      if (what === 'vif' && !ifIndexes.has(vif)) failed.set(vif, 'absent');
      else if (what === 'shaping') failed.set(vif, 'drifted');
    }
    const news = [...failed].filter(([vif, oper]) => this.#failed.get(vif) !== oper);
    this.#failed = failed;
    for (const [vif, oper] of news.slice(0, MOST_VIFS)) {
      const lastError = this.needs.lastErrorOf(vif);
      this.#notify(vifFailed({ vif, oper, ifIndex: ifIndexes.get(vif) ?? 0, lastError }));
    }
  }

  /** Hears of the end of an action. */
  actionEnded(action: CfgAction, result: CfgResult): void {
    if (!COMMITS.has(action)) return;
    this.#notify(cfgNotification(result === 'success' ? 'commitDone' : 'commitFailed', this.needs.values()));
  }

  /** There is a session with snmpd again: what could not be sent is. */
  connected(): void {
    void this.#flush();
  }

  #cleared(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    if (!this.#isAnnounced) return;
    this.#isAnnounced = false;
    this.#notify(cfgNotification('driftCleared', this.needs.values()));
  }

  /** Now, or when the last one is long enough ago: then with what is found by then. */
  #detected(): void {
    const pause = this.#announcedAt + this.needs.settings().notifyMinInterval * 1000 - performance.now();
    if (pause > 0) {
      this.#later ??= setTimeout(() => {
        this.#later = undefined;
        this.#detected();
      }, pause);
      return;
    }
    this.#announcedAt = performance.now();
    this.#isAnnounced = true;
    this.#notify(cfgNotification('driftDetected', this.needs.values()));
  }

  #notify(notification: Notification): void {
    if (!this.needs.settings().notifyEnable) return;
    this.#kept.push(notification);
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    void this.#flush();
  }

  /** In their order, one at a time; what cannot be sent waits for the next session. */
  async #flush(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let next = this.#kept[0]; next !== undefined; next = this.#kept[0]) {
        await this.needs.send(next);
        if (this.#kept[0] === next) this.#kept.shift();
      }
    } catch (error) {
      this.needs.log.warn({ err: error, waiting: this.#kept.length }, 'a notification could not be sent yet');
    } finally {
      this.#isSending = false;
    }
  }
}
