import { plainToInstance } from 'class-transformer';
import { throwIfAny } from '../../errors.js';
import { RealEnvironment } from '../model/real-environment.js';
import { checkRealEnvironment } from './check-real-environment.js';
import { removeBadValues } from './check-values.js';
import { Origins, type Document, type Plain } from './document.js';
import type { ElementText } from './element.js';
import type { Findings } from './findings.js';
import { ModelFindings } from './model-findings.js';
import { readMachine } from './read-machine.js';
import { childrenNamed, plainAttributes } from './plain-attributes.js';
import { printable } from './printable.js';
import { readText } from './read-text.js';
import { Schema } from './schema.js';
import { validate } from './validate.js';

/**
 * Reads the file of a real environment.
 *
 * @throws NetmgrError, or ApplyError for several: all that is wrong in the file, with its lines
 */
export async function readRealEnvironment(path: string): Promise<Document<RealEnvironment>> {
  return parseRealEnvironment(await readText(path), path);
}

/** As {@link readRealEnvironment}, from text. `file` is the name for messages. */
export async function parseRealEnvironment(text: string, file: string): Promise<Document<RealEnvironment>> {
  const schema = await Schema.read('real-environment');
  try {
    const { root, findings, fits } = validate(text, file, schema);
    const origins = new Origins();
    if (fits) {
      removeBadValues(root, schema, findings);
      const complete = findings.errors.length === 0;
      const plain = plainEnvironment(root, schema, origins);
      const environment = plainToInstance(RealEnvironment, plain);
      origins.passOn(plain, environment);
      readMachines(root, environment, schema, origins, findings);
      checkRealEnvironment(environment, new ModelFindings(findings, origins, complete));
      if (findings.errors.length === 0) return origins.document(environment, file, root);
    }
    const errors = findings.sorted();
    throwIfAny(errors, `${printable(file)} cannot be used`);
    throw new Error(`${file} does not fit its schema, and no error says why`);
  } finally {
    schema.dispose();
  }
}

/** All but the machines. */
function plainEnvironment(root: ElementText, schema: Schema, origins: Origins): Plain {
  const plain = (element: ElementText): Plain => origins.note(element, plainAttributes(element, schema));
  const all = (name: string): Plain[] => childrenNamed(root, name).map(plain);
  return origins.note(root, {
    ...plainAttributes(root, schema),
    credentials: all('credentials'),
    switches: all('switch'),
    hosts: childrenNamed(root, 'host').map((host) =>
      origins.note(host, {
        ...plainAttributes(host, schema),
        agent: childrenNamed(host, 'agent').map(plain)[0],
        bridges: childrenNamed(host, 'bridge').map(plain),
      }),
    ),
    links: all('link'),
    routers: all('router'),
  });
}

function readMachines(
  root: ElementText,
  { hosts }: RealEnvironment,
  schema: Schema,
  origins: Origins,
  findings: Findings,
): void {
  for (const [i, element] of childrenNamed(root, 'host').entries()) {
    const vms = childrenNamed(element, 'vm').map((vm) => readMachine(vm, element, schema, origins, findings));
    Object.assign(hosts[i] ?? {}, { vms });
  }
}
