import type { LinkRow } from '../../mib/link-table.js';
import type { LinkStateRow } from '../../mib/link-state-table.js';

/** The probe columns of a row of netemuLinkStateTable. */
export type LinkProbe = Pick<
  LinkStateRow,
  | 'probeTime'
  | 'probeRttMin'
  | 'probeRttAvg'
  | 'probeRttMax'
  | 'probeSent'
  | 'probeReceived'
  | 'probeBandwidth'
>;

const NONE: LinkProbe = {
  probeTime: 0,
  probeRttMin: 0,
  probeRttAvg: 0,
  probeRttMax: 0,
  probeSent: 0,
  probeReceived: 0,
  probeBandwidth: 0,
};

/** As many as there can be requests at a time; the oldest are forgotten. */
const MOST = 100_000;

/** What the last probes said of the links between vifs and single addresses. */
export class LinkProbes {
  readonly #probes = new Map<string, LinkProbe>();

  /** @param sysUpTime hundredths of a second */
  constructor(private readonly sysUpTime: () => number) {}

  /** Notes what was found from the machine behind a vif about an address; what is not named stays. */
  note(vif: string, peer: string, found: Partial<Omit<LinkProbe, 'probeTime'>>): void {
    const key = `${vif} ${peer}`;
    const probe = { ...(this.#probes.get(key) ?? NONE), ...found, probeTime: this.sysUpTime() };
    // The map keeps the order of the last notes.
    this.#probes.delete(key);
    this.#probes.set(key, probe);
    if (this.#probes.size > MOST) this.#forgetOldest();
  }

  /** What is known of the link of a row; all 0 for that of a network. */
  of({ vif, peer, peerPrefixLength }: Pick<LinkRow, 'vif' | 'peer' | 'peerPrefixLength'>): LinkProbe {
    const isHost = peerPrefixLength === (peer.includes(':') ? 128 : 32);
    return (isHost ? this.#probes.get(`${vif} ${peer}`) : undefined) ?? NONE;
  }

  #forgetOldest(): void {
    const [oldest] = this.#probes.keys();
    if (oldest !== undefined) this.#probes.delete(oldest);
  }
}
