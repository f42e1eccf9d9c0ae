/** A line ends outside quotes: a comment may hold a line feed, and what follows it is no rule. */
const LOGICAL = /(?:"(?:[^"\\]|\\[\s\S])*"|[^\n])+/g;

/** The lines that iptables-save prints. */
export const logicalLines = (output: string): readonly string[] => output.match(LOGICAL) ?? [];
