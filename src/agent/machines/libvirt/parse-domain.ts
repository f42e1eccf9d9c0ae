import { XMLParser } from 'fast-xml-parser';
import { recordOf, textOf } from '../../kernel/printed.js';
import type { MachineInterface } from '../machine-driver.js';
import { obstacleOf } from './obstacles.js';

/** What libvirt says of a machine that runs. */
export interface Domain {
  readonly name: string;
  readonly uuid: string;
  readonly interfaces: readonly MachineInterface[];
  /** The processors that it may have. */
  readonly maxCpus?: number;
}

/** An ID of a domain, as libvirt prints it. */
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Reads `virsh list --uuid --name`: a name may have anything but a line's end. */
export function parseList(output: string): { readonly uuid: string; readonly name: string }[] {
  return output.split('\n').flatMap((line) => {
    const [uuid = ''] = line.trimStart().split(' ', 1);
    return UUID.test(uuid)
      ? [
          {
            uuid,
            name: line
              .trimStart()
              .slice(uuid.length + 1)
              .trimEnd(),
          },
        ]
      : [];
  });
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  // A name may end with spaces.
  trimValues: false,
  isArray: (_name, path) => path === 'domain.devices.interface',
});

/** Reads `virsh dumpxml` of a running domain ("Domain XML format" of libvirt). Nothing if there is none. @throws Error if it is no XML */
export function parseDomain(xml: string): Domain | undefined {
  const domain = recordOf(recordOf(parser.parse(xml))['domain']);
  const uuid = contentOf(domain['uuid']);
  if (!UUID.test(uuid)) return undefined;
  const interfaces = recordOf(domain['devices'])['interface'];
  const maxCpus = Number(contentOf(domain['vcpu']));
  return {
    name: contentOf(domain['name']),
    uuid,
    interfaces: Array.isArray(interfaces) ? interfaces.map((one) => parseInterface(recordOf(one))) : [],
    ...(Number.isSafeInteger(maxCpus) && maxCpus > 0 ? { maxCpus } : {}),
  };
}

function parseInterface(element: Record<string, unknown>): MachineInterface {
  const vif = attribute(element['target'], 'dev');
  const model = attribute(element['model'], 'type');
  const port = attribute(element['virtualport'], 'type');
  const type = textOf(element['@type']);
  const obstacle = obstacleOf(type, port);
  return {
    // What the target of a vhost-user is called is a port of a switch outside the kernel.
    vif: obstacle?.hasInterface === false ? '' : vif,
    model,
    mac: attribute(element['mac'], 'address').toLowerCase(),
    ...(obstacle === undefined ? {} : { obstacle: obstacle.words }),
  };
}

const attribute = (element: unknown, name: string): string => textOf(recordOf(element)[`@${name}`]);

/** The text of an element, with or without attributes. */
const contentOf = (element: unknown): string => textOf(element) || textOf(recordOf(element)['#text']);
