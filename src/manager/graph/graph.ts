/** What a picture of an environment shows, without how it is drawn. Its texts are those of the files. */
export interface Graph {
  /** The name of the environment. */
  readonly name: string;
  /** `sites`: what is wanted, and on which hosts; `hosts`: what is there. */
  readonly shows: 'sites' | 'hosts';
  readonly hosts: readonly GraphHost[];
  readonly groups: readonly GraphGroup[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphHost {
  readonly name: string;
  readonly address: string;
}

/** A site, or a host: what is drawn around its nodes. */
export interface GraphGroup {
  /** Unique among groups and nodes. */
  readonly id: string;
  readonly kind: 'site' | 'host';
  readonly name: string;
  /** What the file says of it, one thing each: `10.1.0.0/16`, `policy proxy`. */
  readonly words: readonly string[];
}

export interface GraphNode {
  /** `site1/vmgrid101`; unique among groups and nodes. */
  readonly id: string;
  readonly kind: 'node' | 'proxy' | 'machine' | 'bridge' | 'switch' | 'router' | 'outside';
  readonly name: string;
  /** The group that it is in. */
  readonly group?: string;
  /** The host that it is on. */
  readonly host?: string;
  readonly addresses: readonly string[];
  /** What the file says of it besides, one thing each: `100mbit 1ms`. */
  readonly words: readonly string[];
}

export interface GraphEdge {
  /** `vif`: what joins a machine with a bridge. */
  readonly kind: 'link' | 'allow' | 'deny' | 'physical' | 'vif';
  /** A node or a group. */
  readonly from: string;
  readonly to: string;
  readonly direction: 'both' | 'forward';
  readonly state: 'up' | 'down';
  /** The parameters of a link, each by itself, or all rules of this kind between these ends. */
  readonly words: readonly string[];
}
