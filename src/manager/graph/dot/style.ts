/** Dark on light, whatever surrounds the picture. */
export const COLOURS = {
  paper: '#ffffff',
  ink: '#1a1a1a',
  quiet: '#4d4d4d',
  frame: '#7a7a7a',
  group: '#f7f7f7',
  allow: '#1b6e35',
  deny: '#b3261e',
} as const;

/** Graphviz knows its widths, and no usual font without serifs is wider: what it has room for fits with another font too. */
export const FONT = 'Verdana';

export const SIZES = { title: 18, group: 14, text: 11, small: 10 } as const;

/** Light enough for dark text; neighbours in the list are easily told apart. */
const TINTS = [
  ...['#cfe2f7', '#fbdcb8', '#cfeac9', '#f7cfd3', '#e0d3f2', '#f7efa6'],
  ...['#c3ebe9', '#e6d8c3', '#f8d2ec', '#dbe0e6', '#dcf0a3', '#c5d0f6'],
] as const;

/** The tint of each host, in the order of the file; with many hosts some share one, and their names tell them apart. */
export function tintsOf(hosts: readonly { readonly name: string }[]): (host: string | undefined) => string {
  const tints = new Map(hosts.map(({ name }, i) => [name, TINTS[i % TINTS.length] ?? COLOURS.paper]));
  return (host) => tints.get(host ?? '') ?? COLOURS.paper;
}
