import { parser } from '@prometheus-io/lezer-promql';

export interface Used {
  readonly metrics: ReadonlySet<string>;
  /** Of matchers, and of what is joined or summed by. */
  readonly labels: ReadonlySet<string>;
}

/** What an expression names. @throws Error if it is not PromQL */
export function namesIn(expression: string): Used {
  const metrics = new Set<string>();
  const labels = new Set<string>();
  parser.parse(expression).iterate({
    enter: ({ type, from, to, node }) => {
      const text = expression.slice(from, to);
      if (type.isError) throw new Error(`not PromQL at ${String(from)}: ${expression}`);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics.add(text);
      if (type.name === 'LabelName') labels.add(text);
    },
  });
  return { metrics, labels };
}
