import { NetmgrError } from '../../../errors.js';
import {
  DEFAULT_CLASS,
  FIRST_PEER_CLASS,
  LAST_PEER_CLASS,
  PARENT_CLASS,
  SPLITTER_HANDLES,
  TBF_HANDLES,
  UNLIMITED,
  type FilterHash,
  type HtbClass,
  type Leaf,
  type LeafQdisc,
  type PlacedQdisc,
  type TcDevice,
  type TcFilter,
  type TcTree,
} from './model.js';
import { hashPlaceOf } from './source-hash.js';

/**
 * The rate of a class below a limited parent. An htb class sends at its own rate even when its parent has no
 * tokens left (tc-htb(8)), so its own is nearly nothing and it borrows all else from the parent. The lowest
 * that takes a burst of a frame without the kernel's 32-bit token count overflowing.
 */
const BORROWER = 1000;

/** The kernel objects of a tree. @throws NetmgrError `Bug` for a class number out of range. */
export function expandTree(tree: TcTree): TcDevice {
  const leaves = new Map<number, Leaf>([[DEFAULT_CLASS, tree.default], ...tree.classes]);
  const rate = tree.parent < UNLIMITED ? BORROWER : UNLIMITED;
  const classes = new Map<number, HtbClass>([
    [PARENT_CLASS, { parent: 0, rate: tree.parent, ceil: tree.parent, ...wireOf(tree) }],
  ]);
  for (const minor of leaves.keys()) {
    if (minor !== DEFAULT_CLASS) expectPeerClass(tree, minor);
    classes.set(minor, { parent: PARENT_CLASS, rate, ceil: UNLIMITED });
  }
  for (const { classMinor } of tree.filters) {
    if (!leaves.has(classMinor))
      throw bug(tree, `a filter names class ${String(classMinor)}, which is not there`);
  }
  return {
    vif: tree.vif,
    root: true,
    classes,
    qdiscs: [...leaves].flatMap(([minor, leaf]) => expandLeaf(minor, leaf)),
    filters: tree.filters,
    ...(tree.filters.length === 0 ? {} : { hash: hashOf(tree.filters) }),
    ingress: tree.tx !== undefined || tree.copies === true,
    redirect: tree.tx !== undefined,
    ...(tree.copies === true ? { copies: true } : {}),
    ...(tree.tx === undefined ? {} : { tx: tree.tx }),
    foreign: [],
  };
}

function hashOf(filters: readonly TcFilter[]): FilterHash {
  const tables = new Set(filters.flatMap(({ network }) => hashPlaceOf(network).path));
  return { tables, links: tables };
}

const wireOf = ({ wire }: { readonly wire?: true }): { readonly wire?: true } =>
  wire === undefined ? {} : { wire };

/** From the class down, each below the one before. */
function expandLeaf(classMinor: number, { splitter, tbf, netem }: Leaf): PlacedQdisc[] {
  const chain: [handles: number, qdisc: LeafQdisc][] = [];
  if (splitter !== undefined) chain.push([SPLITTER_HANDLES, { kind: 'splitter', ...splitter }]);
  if (netem !== undefined) chain.push([0, { kind: 'netem', ...netem }]);
  if (tbf !== undefined) chain.push([TBF_HANDLES, { kind: 'tbf', ...tbf }]);
  return chain.map(([handles, qdisc], i) => {
    const [above] = chain[i - 1] ?? [];
    return {
      classMinor,
      below: above === undefined ? 0 : above + classMinor,
      handle: handles + classMinor,
      qdisc,
    };
  });
}

function expectPeerClass(tree: TcTree, minor: number): void {
  if (!Number.isInteger(minor) || minor < FIRST_PEER_CLASS || minor > LAST_PEER_CLASS) {
    throw bug(tree, `class ${String(minor)} is out of range`);
  }
}

function bug(tree: TcTree, message: string): NetmgrError {
  return new NetmgrError({ kind: 'Bug', message, subject: tree.vif });
}

/** What is in force for a class, from the objects that were read back. */
export function leafOf(device: TcDevice, classMinor: number): Leaf {
  let leaf: Leaf = {};
  for (const { classMinor: minor, qdisc } of device.qdiscs) {
    if (minor !== classMinor) continue;
    const { kind, ...own } = qdisc;
    if (kind !== 'unknown') leaf = { ...leaf, [kind]: own };
  }
  return leaf;
}
