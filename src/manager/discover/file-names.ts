import { groupBy } from '../../group-by.js';

/** The kind "name" of the files. */
const LONGEST = 64;
const LEAST_LEFT = 8;

/** A machine whose name in a file is asked for. */
export interface Unnamed {
  readonly host: string;
  /** As its host knows it. */
  readonly name: string;
  /** Whether it is found by something else than its name, so that it may be called otherwise. */
  readonly isFoundOtherwise: boolean;
  /** Whether it may be a domain of libvirt that Vagrant has made. */
  readonly mayBeVagrant: boolean;
}

/** A text as a name of the files: what no name may have becomes "-". */
export function fileName(text: string, otherwise: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
  return plain === '' ? otherwise : plain;
}

/**
 * The name that Vagrant's file has for a machine whose domain is called `<directory>_<machine>` by vagrant-libvirt; undefined if
 * that cannot be. A machine that Vagrant's file does not name is `default` there: it is called after its directory.
 */
export function vagrantName(domain: string): string | undefined {
  const [, directory = '', machine = ''] =
    /^([A-Za-z0-9][A-Za-z0-9._-]*)_([A-Za-z][A-Za-z0-9.-]*)$/.exec(domain) ?? [];
  if (machine === '') return undefined;
  return machine === 'default' ? fileName(directory, 'default') : machine;
}

/**
 * Names for machines in a file, in their order: their own, or Vagrant's where no other machine could be meant; mapped to what a file
 * admits; and with their host where several have the same. Whatever the order of hosts and machines, each gets the same name.
 *
 * @param taken names that machines of the file have already
 * @returns undefined for a machine that would need another name, and is found by its own alone
 */
export function nameMachines(
  machines: readonly Unnamed[],
  taken: ReadonlySet<string>,
): (string | undefined)[] {
  const own = machines.map(({ name }) => fileName(name, 'machine'));
  const short = machines.map(({ name, isFoundOtherwise, mayBeVagrant }) =>
    mayBeVagrant && isFoundOtherwise ? vagrantName(name) : undefined,
  );
  const owners = groupBy(own, (name) => name);
  const shorter = groupBy(short, (name) => name);
  const isAlone = (name: string, of: ReadonlyMap<unknown, readonly unknown[]>): boolean =>
    of.get(name)?.length === 1 && !taken.has(name);
  const given = new Set(taken);
  const give = (name: string): string => {
    given.add(name);
    return name;
  };
  const first = machines.map((_machine, i) => {
    const [vagrant, plain = ''] = [short[i], own[i]];
    if (vagrant !== undefined && isAlone(vagrant, shorter) && !owners.has(vagrant)) return give(vagrant);
    return isAlone(plain, owners) ? give(plain) : undefined;
  });
  const isFree = (name: string): boolean => !given.has(name);
  return machines.map(({ host, name, isFoundOtherwise }, i) => {
    const plain = own[i] ?? '';
    const chosen = first[i] ?? withHost(plain, fileName(host, 'host'), isFree);
    if (chosen !== name && !isFoundOtherwise) return undefined;
    return first[i] ?? give(chosen);
  });
}

function withHost(name: string, host: string, isFree: (name: string) => boolean): string {
  for (let number = 1; ; number++) {
    const end = `-${host.slice(0, LONGEST - LEAST_LEFT)}${number === 1 ? '' : `-${String(number)}`}`;
    const candidate = `${name.slice(0, LONGEST - end.length)}${end}`;
    if (isFree(candidate)) return candidate;
  }
}
