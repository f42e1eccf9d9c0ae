const collator = new Intl.Collator('en', { numeric: true });

/** In the order that people expect of names: vm2 before vm10. The same on every machine. */
export function inOrder<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => {
    const [first, second] = [nameOf(a), nameOf(b)];
    return collator.compare(first, second) || (first < second ? -1 : first > second ? 1 : 0);
  });
}
