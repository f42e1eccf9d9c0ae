import { oidSuffix } from '../../mib/oid.js';
import type { Oid, VarBind } from '../../mib/value.js';
import type { PreparedSet, SetRefusal } from '../agentx/subagent-handler.js';

/** What takes a whole SET. */
export interface SetWriter {
  test(varBinds: readonly VarBind[]): PreparedSet | SetRefusal;
}

/** Gives a SET to the writer of a subtree, or to that of all the rest; one to both is refused. */
export class SetRouter implements SetWriter {
  constructor(
    private readonly subtree: Oid,
    private readonly ofSubtree: SetWriter,
    private readonly ofRest: SetWriter,
  ) {}

  test(varBinds: readonly VarBind[]): PreparedSet | SetRefusal {
    const isBelow = ({ oid }: VarBind): boolean => oidSuffix(oid, this.subtree) !== undefined;
    if (!varBinds.some(isBelow)) return this.ofRest.test(varBinds);
    const other = varBinds.findIndex((varBind) => !isBelow(varBind));
    return other < 0 ? this.ofSubtree.test(varBinds) : { status: 'inconsistentValue', index: other + 1 };
  }
}
