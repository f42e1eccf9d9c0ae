import { parentPort, workerData } from 'node:worker_threads';
import type { SchemaQuestion } from './fits-schema.js';
import { Schema } from './schema.js';
import { documentOf } from './well-formed.js';

// The memory of all that is made here ends with the thread.
const { text, name } = workerData as SchemaQuestion;
const schema = await Schema.read(name);
const document = documentOf(text);
schema.validator.validate(document);
const { root } = document;
parentPort?.postMessage(
  document.dtd === null && root.name === schema.rootName && root.namespaceUri === schema.namespace,
);
