/**
 * Milliseconds until a request is repeated, a quarter more each time, and how often it is. Where one message in five
 * is lost, each way, an attempt fails with 1 - 0.8² = 0.36 and all eight of them with 0.0003. A host that is dead is
 * known to be after 20 s.
 */
export const SNMP_DEFAULTS = { timeout: 1000, retries: 7, backoff: 1.25 } as const;
