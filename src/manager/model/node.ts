import { IpAddress } from '../../units/ip-network.js';
import { Access } from './access.js';
import { Contains, ParsedEach } from './decorators.js';

export type NodeRole = 'node' | 'proxy';

/** A virtual machine as a member of a site. */
export class Node {
  /** The name of a virtual machine of the real environment. */
  readonly vm!: string;
  /** Which of the machine's vifs, where it has several. */
  readonly vif?: string;
  @ParsedEach((text) => IpAddress.parse(text))
  readonly addresses!: readonly IpAddress[];
  readonly role!: NodeRole;
  @Contains(() => Access)
  readonly access?: Access;
}
