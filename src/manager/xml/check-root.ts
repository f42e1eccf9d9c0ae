import type { XmlElement } from 'libxml2-wasm';
import { NetmgrError } from '../../errors.js';
import { printable, quoted } from './printable.js';
import type { Schema, SchemaName } from './schema.js';

const KINDS: readonly SchemaName[] = ['real-environment', 'virtual-environment'];

/** @throws NetmgrError `InvalidInput` for a file of another kind. */
export function checkRoot(root: XmlElement, schema: Schema, file: string): void {
  const { rootName, namespace } = schema;
  if (root.name === rootName && root.namespaceUri === namespace) return;
  const other = KINDS.find((kind) => kind === root.name && kind !== rootName);
  const message =
    root.name === rootName
      ? root.namespaceUri === ''
        ? `<${rootName}> has no namespace`
        : `<${rootName}> has the namespace ${quoted(root.namespaceUri)}, which this version does not know`
      : `the file begins with <${printable(root.name)}>, not with <${rootName}>`;
  throw new NetmgrError({
    kind: 'InvalidInput',
    message,
    at: { file, line: Math.max(1, root.line) },
    hint:
      other === undefined
        ? `Write <${rootName} xmlns="${namespace}" name="…">.`
        : 'The real environment comes first, the virtual environment second: were they exchanged?',
  });
}
