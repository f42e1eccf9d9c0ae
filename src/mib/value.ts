/** An object identifier as its sub-identifiers. */
export type Oid = readonly number[];

/** A value as it crosses the wire, in SNMP or AgentX: the application types of RFC 2578. */
export type SnmpValue =
  | { readonly type: 'Integer32'; readonly value: number }
  | { readonly type: 'OctetString'; readonly value: Uint8Array }
  | { readonly type: 'ObjectIdentifier'; readonly value: Oid }
  | { readonly type: 'IpAddress'; readonly value: Uint8Array }
  | { readonly type: 'Counter32'; readonly value: number }
  /** Also Unsigned32, which has the same tag (RFC 2578 section 7.1.11). */
  | { readonly type: 'Gauge32'; readonly value: number }
  | { readonly type: 'TimeTicks'; readonly value: number }
  | { readonly type: 'Opaque'; readonly value: Uint8Array }
  | { readonly type: 'Counter64'; readonly value: bigint }
  | { readonly type: 'Null' };

export interface VarBind {
  readonly oid: Oid;
  readonly value: SnmpValue;
}
