/** What can be measured, in the order of the report. */
export const EXPERIMENTS = ['bandwidth', 'latency', 'table2', 'jitter', 'loss'] as const;

export type Experiment = (typeof EXPERIMENTS)[number];

/** Two machines of one host, or of two. */
export const PLACEMENTS = ['local', 'remote'] as const;

export type Placement = (typeof PLACEMENTS)[number];

export const PROTOCOLS = ['tcp', 'udp'] as const;

export type Protocol = (typeof PROTOCOLS)[number];

/** The distributions of jitter that a link can have. */
export const DISTRIBUTIONS = ['uniform', 'normal', 'pareto', 'paretonormal'] as const;

export type Distribution = (typeof DISTRIBUTIONS)[number];
