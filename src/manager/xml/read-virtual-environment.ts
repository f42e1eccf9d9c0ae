import { plainToInstance } from 'class-transformer';
import { throwIfAny } from '../../errors.js';
import { Access } from '../model/access.js';
import { instancesOf } from '../model/decorators.js';
import { Link } from '../model/link.js';
import { Node } from '../model/node.js';
import { VirtualEnvironment } from '../model/virtual-environment.js';
import { removeBadValues, words } from './check-values.js';
import { checkVirtualEnvironment } from './check-virtual-environment.js';
import { Origins, type Document, type Plain } from './document.js';
import type { ElementText } from './element.js';
import { ModelFindings } from './model-findings.js';
import { childrenNamed, plainAttributes } from './plain-attributes.js';
import { printable } from './printable.js';
import { readText } from './read-text.js';
import { Schema } from './schema.js';
import { validate } from './validate.js';

const linkOf = instancesOf(Link);
const nodeOf = instancesOf(Node);

/**
 * Reads the file of a virtual environment.
 *
 * @throws NetmgrError, or ApplyError for several: all that is wrong in the file, with its lines
 */
export async function readVirtualEnvironment(path: string): Promise<Document<VirtualEnvironment>> {
  return parseVirtualEnvironment(await readText(path), path);
}

/** As {@link readVirtualEnvironment}, from text. `file` is the name for messages. */
export async function parseVirtualEnvironment(
  text: string,
  file: string,
): Promise<Document<VirtualEnvironment>> {
  const schema = await Schema.read('virtual-environment');
  try {
    const { root, findings, fits } = validate(text, file, schema);
    const origins = new Origins();
    if (fits) {
      removeBadValues(root, schema, findings);
      const complete = findings.errors.length === 0;
      const plain = plainEnvironment(root, schema, origins);
      const environment = plainToInstance(VirtualEnvironment, plain);
      origins.passOn(plain, environment);
      for (const [i, site] of childrenNamed(root, 'site').entries()) {
        Object.assign(environment.sites[i] ?? {}, { nodes: readNodes(site, schema, origins) });
      }
      Object.assign(environment, { links: readLinks(root, schema, origins) });
      checkVirtualEnvironment(environment, new ModelFindings(findings, origins, complete));
      if (findings.errors.length === 0) return origins.document(environment, file, root);
    }
    const errors = findings.sorted();
    throwIfAny(errors, `${printable(file)} cannot be used`);
    throw new Error(`${file} does not fit its schema, and no error says why`);
  } finally {
    schema.dispose();
  }
}

function plainEnvironment(root: ElementText, schema: Schema, origins: Origins): Plain {
  return origins.note(root, {
    ...plainAttributes(root, schema),
    sites: childrenNamed(root, 'site').map((site) => plainSite(site, schema, origins)),
    rules: childrenNamed(root, 'allow', 'deny').map((rule) =>
      origins.note(rule, { action: rule.name, ...plainAttributes(rule, schema) }),
    ),
  });
}

/** All but the nodes. */
function plainSite(site: ElementText, schema: Schema, origins: Origins): Plain {
  const { network = '', ...attributes } = plainAttributes(site, schema);
  return origins.note(site, {
    ...attributes,
    networks: words(network),
    routes: childrenNamed(site, 'route').map((route) => origins.note(route, plainAttributes(route, schema))),
    ...plainAccess(site, schema, origins),
  });
}

/** There may be tens of thousands of them. */
const readLinks = (root: ElementText, schema: Schema, origins: Origins): Link[] =>
  childrenNamed(root, 'link').map((link) => origins.note(link, linkOf(plainAttributes(link, schema))));

function readNodes(site: ElementText, schema: Schema, origins: Origins): Node[] {
  return childrenNamed(site, 'node').map((node) => {
    const { address = '', ...others } = plainAttributes(node, schema);
    const values = { ...others, addresses: words(address) };
    const { access: plain } = plainAccess(node, schema, origins);
    if (plain === undefined) return origins.note(node, nodeOf(values));
    const access = plainToInstance(Access, plain);
    origins.passOn(plain, access);
    return origins.note(node, nodeOf({ ...values, access }));
  });
}

function plainAccess(element: ElementText, schema: Schema, origins: Origins): Plain {
  const [access] = childrenNamed(element, 'access');
  if (access === undefined) return {};
  const directions = ['sent', 'received'].flatMap((name) =>
    childrenNamed(access, name).map(
      (line) => [name, origins.note(line, plainAttributes(line, schema))] as const,
    ),
  );
  return {
    access: origins.note(access, { ...plainAttributes(access, schema), ...Object.fromEntries(directions) }),
  };
}
