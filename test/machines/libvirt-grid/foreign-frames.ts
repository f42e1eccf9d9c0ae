import type { ManagedHost } from './managed-host.js';

const TABLE = 'test_seen';

/**
 * Counts what a bridge hands to the tap of a guest and has one of some senders' MAC addresses, whatever else it is: ARP, RARP,
 * broadcasts, or what was flooded because no port was known.
 */
export class ForeignFrames {
  private constructor(
    private readonly host: ManagedHost,
    private readonly table: string,
  ) {}

  static async count(host: ManagedHost, tap: string, senders: readonly string[]): Promise<ForeignFrames> {
    const table = `${TABLE}_${tap}`;
    const input = `table netdev ${table} {
  chain frames {
    type filter hook egress device "${tap}" priority 0;
    ether saddr { ${senders.join(', ')} } counter
    counter
  }
}
`;
    await host.run(['nft', '-f', '-'], { input });
    return new ForeignFrames(host, table);
  }

  /** Of these senders, and of all. */
  async seen(): Promise<{ foreign: number; all: number }> {
    const { stdout } = await this.host.run(['nft', 'list', 'table', 'netdev', this.table]);
    const [foreign = NaN, all = NaN] = [...stdout.matchAll(/packets (\d+)/g)].map(([, n]) => Number(n));
    return { foreign, all };
  }

  async stop(): Promise<void> {
    await this.host.run(['nft', 'delete', 'table', 'netdev', this.table]);
  }
}
