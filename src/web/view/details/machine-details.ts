import { parameterWords } from '../../../manager/model/parameters.js';
import { BITS_PER_KILOBIT } from '../../../units/bit-rate.js';
import type { ValueView } from '../../wire/details-view.js';
import { rateText } from '../../wire/quantity-text.js';
import { limitText } from '../link-values.js';
import type { LiveNetwork } from '../live-network.js';
import { ageOf, historyOf, problemsOf, type Part } from './part.js';

/** A machine behind one of its vifs; undefined if none has this id. */
export function machineDetails(network: LiveNetwork, id: string): Part | undefined {
  const machine = network.machines.get(id);
  if (machine === undefined) return undefined;
  const [host = '', vif = ''] = id.slice('vif:'.length).split('/');
  const now = network.hosts.of(host).vifs.find(({ row }) => row.vif === vif);
  const node = [...network.wanted.nodes.values()].find(
    (one) => one.host.name === host && one.vif.name === vif,
  );
  const view = network.view?.machines.find((one) => one.id === id);
  const access = node?.access;
  const values: ValueView[] =
    now === undefined
      ? []
      : [
          lineValue('sends', access?.sent.bandwidth?.bitsPerSecond, now.row.txBandwidth, view?.sends, node),
          lineValue(
            'receives',
            access?.received.bandwidth?.bitsPerSecond,
            now.row.rxBandwidth,
            view?.receives,
            node,
          ),
          {
            name: 'dropped so far',
            measured: `${now.row.txDrops.toString()} sent, ${now.row.rxDrops.toString()} received`,
          },
          { name: 'state', inForce: now.row.oper, differs: now.row.oper !== 'applied' },
        ];
  const ownLine = [
    ...parameterWords(access?.sent ?? {}).map((word) => `sends ${word}`),
    ...parameterWords(access?.received ?? {}).map((word) => `receives ${word}`),
  ];
  return {
    ...{ kind: 'machine', title: machine.name, health: view?.health ?? 'unknown' },
    ...ageOf(network, host),
    words: [
      `${node?.path ?? 'no node of a site'} on ${host}, ${vif}`,
      ...(node === undefined ? [] : [node.node.role, ...node.node.addresses.map(String)]),
      ...ownLine,
    ],
    values,
    problems: problemsOf(network, id),
    own: [...network.links.values()].filter(({ sender, receiver }) => sender === id || receiver === id),
    history: historyOf(network, [
      ['sends', `${id} sends`],
      ['receives', `${id} receives`],
    ]),
  };
}

function lineValue(
  name: string,
  configured: number | undefined,
  inForce: number,
  measured: number | undefined,
  node: object | undefined,
): ValueView {
  return {
    name,
    ...(node !== undefined && {
      configured: limitText((configured ?? 0) / BITS_PER_KILOBIT),
      differs: (configured ?? 0) !== inForce * BITS_PER_KILOBIT,
    }),
    inForce: limitText(inForce),
    ...(measured !== undefined && { measured: rateText(measured) }),
  };
}
