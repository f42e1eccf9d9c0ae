/** A line of snmpd.conf(5). */
export interface Directive {
  /** In lower case, as snmpd compares them. */
  readonly token: string;
  readonly value: string;
  /** Where it stands. */
  readonly file: string;
}

/** The lines of a file that say something. */
export function directivesOf(text: string, file: string): readonly Directive[] {
  return text.split('\n').flatMap((line) => {
    const [, token, value = ''] = /^\s*([^\s#]\S*)(?:\s+(.*?))?\s*$/.exec(line) ?? [];
    return token === undefined ? [] : [{ token: token.toLowerCase(), value, file }];
  });
}

/** The last of that token: it is the one that counts where there may be one only. */
export function lastOf(directives: readonly Directive[], token: string): Directive | undefined {
  return directives.findLast((directive) => directive.token === token);
}

/** Several addresses stand in one value, with commas between. */
export const listOf = (value: string): readonly string[] => value.split(',').map((one) => one.trim());
