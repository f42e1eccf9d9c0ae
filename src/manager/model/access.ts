import { Line } from './line.js';

/** A node's own line, beside any link: what happens to all that it sends and, separately, to all that it receives. */
export class Access extends Line {}
