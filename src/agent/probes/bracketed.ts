/** An address as ss(8) and socat(1) take it beside a port. */
export const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);
