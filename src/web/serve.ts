import { hostname } from 'node:os';
import { messageOf, NetmgrError } from '../errors.js';
import type { Manager } from '../manager/manager.js';
import { TOKEN_VARIABLE } from './server/access-token.js';
import { isLoopback, urlHost, type ListenAddress } from './server/listen-address.js';
import { BUILT_PAGE, readPageFiles } from './server/page-files.js';
import { WebServer } from './server/web-server.js';
import { detailsOf } from './view/details/details.js';
import { LiveNetwork } from './view/live-network.js';

/** Milliseconds: hosts that do not answer are given up before. */
const LONGEST_SILENCE = 60_000;

export interface ServeSettings {
  readonly listen: ListenAddress;
  /** What browsers have to show; needed where others than this machine reach the server. */
  readonly token: string | undefined;
  /** Names by which browsers reach it, besides addresses, `localhost` and this machine's own name. */
  readonly hostNames: readonly string[];
  /** Milliseconds from one reading of a host to the next. */
  readonly interval: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Hears once where the page is. */
  readonly onReady: (url: string) => void;
}

/**
 * Shows what runs as a web page, until it is ended. Nothing can be changed by it. Machines of clusters are drawn where they are when it
 * begins.
 *
 * @throws NetmgrError `InvalidInput` if it may or can not listen there, and what {@link Manager.monitor} throws
 */
export async function serve(manager: Manager, settings: ServeSettings): Promise<void> {
  const { listen, token, hostNames, interval, signal, onReady } = settings;
  requireToken(listen, token);
  const network = new LiveNetwork(await manager.located(), interval);
  const started = Date.now();
  const server = new WebServer(
    {
      map: network.map,
      get view() {
        return network.view;
      },
      get isAlive() {
        const last = network.view?.time ?? started;
        return Date.now() - last < Math.max(LONGEST_SILENCE, 3 * interval);
      },
      details: (id) => detailsOf(network, id),
    },
    { token, names: [hostname(), ...hostNames], page: await readPageFiles(BUILT_PAGE) },
  );
  const port = await server.listen(listen.host, listen.port).catch((error: unknown) => {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `cannot listen: ${messageOf(error)}`,
      hint: 'Name another address or port with --listen.',
    });
  });
  try {
    onReady(`http://${urlHost(listen.host)}:${String(port)}/`);
    await manager.monitor({ interval, signal, onState: (state) => server.tell(network.take(state)) });
  } finally {
    await server.close();
  }
}

function requireToken({ host }: ListenAddress, token: string | undefined): void {
  if (isLoopback(host) || token !== undefined) return;
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `others than this machine reach ${host}, and no token keeps them out`,
    hint: `Name a file with a line token=… with --token-file, or set ${TOKEN_VARIABLE}.`,
  });
}
