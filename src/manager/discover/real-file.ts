import { NetmgrError } from '../../errors.js';
import { FINDS_VIFS } from '../model/host.js';
import { IpAddress } from '../../units/ip-network.js';
import type { DiscoveredHost, DiscoveredMachine } from './discovered.js';
import type { DiscoveredTarget, DiscoveryCredentials } from './discover.js';
import { fileName, nameMachines } from './file-names.js';
import { inOrder } from './in-order.js';
import { matchMachines, type FoundMachine, type WrittenMachine } from './match-machines.js';
import { Claims, COMMENT, writeVifs } from './write-vifs.js';
import { XmlFile, type Attributes, type XmlElement } from './xml-file.js';

const NAMESPACE = 'urn:netmgr:real-environment:1';
const DEFAULT_PORT = 161;
const LONGEST_WORD = 64;
/** The kind of `container`. */
const CONTAINER = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,127}|pid:[1-9][0-9]{0,9})$/;

/** The text of a real-environment file, and what people should know of it. */
export interface RealFile {
  readonly text: string;
  readonly notes: readonly Note[];
}

/** What is in no file, or otherwise than it was. */
export interface Note {
  /** `host1/vm1`. */
  readonly subject: string;
  readonly text: string;
}

/** A file without hosts. @param schema where its schema is, for editors */
export function emptyRealFile(name: string, schema: string): string {
  const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  const place = schema.replaceAll('&', '%26').replaceAll('"', '%22').replaceAll('<', '%3C');
  return `<?xml version="1.0" encoding="UTF-8"?>
<real-environment xmlns="${NAMESPACE}" ${xsi} xsi:schemaLocation="${NAMESPACE} ${place}" name="${fileName(name, 'discovered')}"/>`;
}

/**
 * Writes what was discovered into a real-environment file: hosts, bridges and machines that are new are added, machines that moved
 * are moved. All else stays as people wrote it, and so do machines that are nowhere: they may be shut down.
 *
 * @param text of a file that can be read without errors
 * @param prune whether machines of hosts that answered are taken out that are nowhere
 * @throws NetmgrError `InvalidInput` if a new host cannot be called as it is
 */
export function updateRealFile(text: string, hosts: readonly DiscoveredTarget[], prune: boolean): RealFile {
  const file = new XmlFile(text);
  const { root } = file;
  const notes: Note[] = [];
  const note = (subject: string, words: string): void => void notes.push({ subject, text: words });
  const places = hosts.map((each) => ({ found: each.host, element: hostElement(root, each, note) }));
  for (const { element } of places) element.removeComments(COMMENT);

  const written = root
    .all('host')
    .flatMap((host) => host.all('vm').map((element): WrittenMachine => ({ host, element })));
  const machines = places.flatMap(({ found, element: host }) =>
    found.machines.map((machine) => ({ host, machine, found })),
  );
  const matches = matchMachines(written, machines);
  const gone = removeGone(written, new Set(matches.values()), places, prune, note);
  const kept = written.filter((each) => !gone.has(each));

  const unmatched = machines.filter((each) => !matches.has(each));
  const names = nameMachines(
    unmatched.map(({ host, machine, found }) => ({
      ...{ host: host.get('name') ?? '', name: machine.name },
      isFoundOtherwise: isFoundOtherwise(found, machine),
      mayBeVagrant: found.backend === 'kvm' && machine.uuid !== '',
    })),
    new Set(kept.map(({ element }) => element.get('name') ?? '')),
  );
  const nameOf = new Map(unmatched.map((each, i) => [each, names[i]]));

  const macs = new Claims();
  const others = kept.filter(({ host }) => places.every(({ element }) => !element.is(host)));
  for (const { element } of others) {
    for (const { mac, holder } of macsOf(element)) macs.claim(mac, holder);
  }
  for (const { found, element } of places) {
    const own = machines.filter(({ host }) => host.is(element));
    const interfaces = writeBridges(element, found);
    const bridges = new Set(found.bridges.filter(({ kind }) => kind === 'linux').map((each) => each.name));
    // Those of the file keep their places, new ones come in the order of their names.
    const sorted = inOrder(own, (each) => nameOf.get(each) ?? '');
    const nameless: string[] = [];
    for (const each of sorted) {
      const vm = machineElement(each, matches.get(each), nameOf.get(each), note);
      if (vm === undefined) {
        nameless.push(each.machine.name);
        continue;
      }
      const name = vm.get('name') ?? '';
      const subject = `${element.get('name') ?? ''}/${name}`;
      writeVifs(vm, each.machine, {
        ...{ vm: name, macs, interfaces, bridges, bridgeCount: element.all('bridge').length },
        areFound: FINDS_VIFS.has(element.get('hypervisor') ?? ''),
        onLeftOut: (label, why) => note(subject, `${label} is left out: ${why}`),
      });
    }
    for (const name of nameless) element.comment(COMMENT + namelessWords(name));
  }
  return { text: file.toString(), notes };
}

function writeCredentials(root: XmlElement, { name, user, auth, priv, from }: DiscoveryCredentials): void {
  if (root.all('credentials').some((each) => each.get('name') === name)) return;
  root.add('credentials', { name, user, auth, priv, from });
}

/** The `<host>` of a file with this address, or a new one. */
function hostElement(
  root: XmlElement,
  { target, host }: DiscoveredTarget,
  note: (subject: string, text: string) => void,
): XmlElement {
  const { address, port, credentials } = target;
  const known = root
    .all('host')
    .find((each) => IpAddress.tryParse(each.get('address') ?? '')?.toString() === address.toString());
  const version = wordOf(host.version);
  if (known !== undefined) {
    const { backend } = host;
    const said = known.get('hypervisor');
    if (said === undefined) known.set({ hypervisor: backend });
    else if (backend !== undefined && said !== backend)
      note(known.get('name') ?? '', `its hypervisor stays ${said}, and its agent says ${backend}`);
    if (known.get('version') === undefined) known.set({ version });
    return known;
  }
  const name = fileName(host.name, 'host');
  const others = ['host', 'switch', 'router'].flatMap((kind) => root.all(kind));
  if (others.some((each) => each.get('name') === name)) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `the host at ${address.toString()} calls itself ${name}, as another host, switch or router is called`,
      hint: `Say what it is to be called: NAME=${address.toString()}.`,
    });
  }
  writeCredentials(root, credentials);
  const element = root.add(
    'host',
    { name, address, hypervisor: host.backend, version },
    'switch',
    'credentials',
  );
  element.add('agent', { port: port === DEFAULT_PORT ? undefined : port, credentials: credentials.name });
  return element;
}

/** Adds the bridges that machines hang on or that lead out of the host. @returns what is claimed of its interfaces */
function writeBridges(element: XmlElement, { bridges, machines }: DiscoveredHost): Claims {
  const used = new Set(
    machines.flatMap(({ vifs }) =>
      vifs.filter(({ obstacle }) => obstacle === '').map(({ bridge }) => bridge),
    ),
  );
  const interfaces = new Claims();
  const claim = (bridge: XmlElement): void => {
    for (const name of [bridge.get('name'), bridge.get('uplink')]) {
      if (name !== undefined) interfaces.claim(name, name);
    }
  };
  const isNew = element.all('bridge').length === 0;
  for (const bridge of element.all('bridge')) claim(bridge);
  for (const { name, kind, uplink } of bridges) {
    // Where people wrote which there are, only those that are needed come to them.
    if (kind !== 'linux' || !(used.has(name) || (uplink !== '' && isNew))) continue;
    const known = element.all('bridge').find((each) => each.get('name') === name);
    const free = uplink === '' || interfaces.of(uplink) !== undefined ? undefined : uplink;
    if (known === undefined) claim(element.add('bridge', { name, uplink: free }, 'agent'));
    else if (known.get('uplink') === undefined) {
      known.set({ uplink: free });
      claim(known);
    }
  }
  return interfaces;
}

/** The `<vm>` of a machine at its host. @returns undefined if it cannot be in the file; it is noted why */
function machineElement(
  { host, machine }: FoundMachine,
  written: WrittenMachine | undefined,
  name: string | undefined,
  note: (subject: string, text: string) => void,
): XmlElement | undefined {
  const hostName = host.get('name') ?? '';
  if (written !== undefined) {
    const { element } = written;
    const vmName = element.get('name') ?? '';
    if (!written.host.is(host)) {
      host.adopt(element, 'vm', 'bridge', 'agent');
      note(`${hostName}/${vmName}`, `it was on ${written.host.get('name') ?? ''}`);
    }
    element.set({ memory: machine.memory, ...identity(machine, vmName, element) });
    return element;
  }
  if (name === undefined) {
    note(hostName, namelessWords(machine.name));
    return undefined;
  }
  if (name !== machine.name) note(`${hostName}/${name}`, `its host calls it ${JSON.stringify(machine.name)}`);
  return host.add('vm', { name, ...identity(machine, name), memory: machine.memory }, 'bridge', 'agent');
}

/** What a machine is found by: its UUID, or what its host calls it, where the file calls it otherwise and says nothing else. */
function identity({ uuid, name }: DiscoveredMachine, vmName: string, written?: XmlElement): Attributes {
  if (written?.get('uuid') !== undefined || written?.get('container') !== undefined) return {};
  if (uuid !== '') return { uuid };
  return name !== vmName && CONTAINER.test(name) ? { container: name } : {};
}

/** Why a machine has no name in the file. */
const namelessWords = (name: string): string =>
  `the machine ${JSON.stringify(name)} is left out: another one has this name, or no file can hold it, and it is found by nothing else; rename it`;

/** Takes out the machines that are nowhere any more. */
function removeGone(
  written: readonly WrittenMachine[],
  matched: ReadonlySet<WrittenMachine>,
  places: readonly { readonly element: XmlElement; readonly found: DiscoveredHost }[],
  prune: boolean,
  note: (subject: string, text: string) => void,
): ReadonlySet<WrittenMachine> {
  const gone = new Set<WrittenMachine>();
  for (const each of written) {
    const { host, element } = each;
    if (matched.has(each) || !places.some((place) => place.element.is(host))) continue;
    const subject = `${host.get('name') ?? ''}/${element.get('name') ?? ''}`;
    const now = holdersOf(places.find((place) => place.element.is(host))?.found);
    const [taken] = element.all('vif').flatMap((vif) => {
      const [name = '', mac = ''] = [vif.get('name'), vif.get('mac')?.toLowerCase()];
      return now.get(name) ?? now.get(mac) ?? [];
    });
    if (!prune && taken === undefined) {
      note(
        subject,
        'no host that answered has it; it stays, since it may be shut down (--prune takes it out)',
      );
      continue;
    }
    element.remove();
    gone.add(each);
    const why =
      taken === undefined ? 'no host has it' : `its interface is that of ${JSON.stringify(taken)} now`;
    note(subject, `it is taken out: ${why}`);
  }
  return gone;
}

/** Whose the interfaces of a host are, by their names and MAC addresses. */
function holdersOf(host: DiscoveredHost | undefined): ReadonlyMap<string, string> {
  const vifs = (host?.machines ?? []).flatMap(({ name, vifs: all }) => all.map((vif) => ({ name, vif })));
  const found = vifs.flatMap(({ name, vif }) => [vif.name, vif.mac].map((key) => [key, name] as const));
  return new Map(found.filter(([key]) => key !== ''));
}

/** Whether a machine is found by something else than its name in the file. */
function isFoundOtherwise({ backend }: DiscoveredHost, { uuid, name, vifs }: DiscoveredMachine): boolean {
  const isFoundByMac =
    FINDS_VIFS.has(backend ?? '') && vifs.length > 0 && vifs.every(({ mac }) => mac !== '');
  return uuid !== '' || CONTAINER.test(name) || isFoundByMac;
}

function macsOf(vm: XmlElement): { mac: string; holder: string }[] {
  return [vm, ...vm.all('vif')].flatMap((vif) => {
    const mac = vif.get('mac');
    const [vmName = '', name = ''] = [vm.get('name'), vif.get('name')];
    return mac === undefined ? [] : [{ mac: mac.toLowerCase(), holder: `${vmName}/${name}` }];
  });
}

/** A text as a word of the file, as far as it begins with one; undefined if it does not. */
function wordOf(text: string): string | undefined {
  return /^[A-Za-z0-9._+-]+/.exec(text)?.[0].slice(0, LONGEST_WORD);
}
