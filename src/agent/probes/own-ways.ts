import type { Run } from '../../process/run.js';
import type { IpVersion } from '../../units/ip-network.js';
import { Mutex } from '../config/mutex.js';
import { ON_LINK } from './on-link.js';
import { makeRoutes, removeRoutes, type OwnRoutes } from './own-routes.js';

/** "NN": the number of the table of routes for answers. */
const TABLE = String(0x4e4e);
/** Behind the rule of the main table (32766) and that of the default one: only what they know no way for comes here. */
const PREFERENCE = '40000';

/** What lets a machine answer by a device whom it has no route to. */
const ANSWER: OwnRoutes = { table: TABLE, preference: PREFERENCE, selector: '' };

/** A device inside a machine that one IP version has a way over. */
export interface Place {
  readonly machine: string;
  readonly version: IpVersion;
  readonly device: string;
  /** Runs commands inside the machine. */
  readonly run: Run;
}

/**
 * Ways that machines have for probes alone, for as long as those last. Who answers is mostly asking as well: what is made for
 * answers leads echoes past the routes too, so that all of it costs a process to be made and one to be taken away.
 */
export class OwnWays {
  /** Ways of a kind in one machine and IP version lead over one device at a time. */
  readonly #turns = new Map<string, Mutex>();
  /** How many echoes of a machine and IP version go past its routes, or wait for it. */
  readonly #echoes = new Map<string, number>();
  /** The device that echoes are led to by what was made for answers, by machine and IP version. */
  readonly #kept = new Map<string, string>();

  /** Does work while what `asOnLink` runs sends leaves by the device, straight to the link. @throws NetmgrError `CommandFailed` */
  async onLink<T>(place: Place, work: () => Promise<T>): Promise<T> {
    const key = keyOf(place);
    this.#count(key, 1);
    try {
      return await this.#turn('echo', key).run(async () => {
        if (this.#kept.get(key) === place.device) return work();
        // What leads to another device is taken over.
        this.#kept.delete(key);
        return withRoutes(place, [ON_LINK], work);
      });
    } finally {
      this.#count(key, -1);
    }
  }

  /** Does work while a machine answers by the device whom it has no route to. @throws NetmgrError `CommandFailed` */
  answer<T>(place: Place, work: () => Promise<T>): Promise<T> {
    const key = keyOf(place);
    return this.#turn('answer', key).run(async () => {
      // An echo that is under way could last for an hour.
      if ((this.#echoes.get(key) ?? 0) > 0) return withRoutes(place, [ANSWER], work);
      await this.#turn('echo', key).run(async () => {
        await makeRoutes(place.run, place.version, place.device, [ANSWER, ON_LINK]);
        this.#kept.set(key, place.device);
      });
      try {
        return await work();
      } finally {
        await this.#endAnswer(place);
      }
    });
  }

  async #endAnswer({ run, version, ...rest }: Place): Promise<void> {
    const key = keyOf({ version, ...rest });
    if (!this.#kept.has(key)) {
      await removeRoutes(run, version, [ANSWER]);
      return;
    }
    await this.#turn('echo', key).run(async () => {
      // An echo over another device may have come before.
      const isKept = this.#kept.delete(key);
      await removeRoutes(run, version, isKept ? [ANSWER, ON_LINK] : [ANSWER]);
    });
  }

  #turn(kind: 'echo' | 'answer', key: string): Mutex {
    const name = `${kind} ${key}`;
    const turn = this.#turns.get(name) ?? new Mutex();
    this.#turns.set(name, turn);
    return turn;
  }

  #count(key: string, more: number): void {
    this.#echoes.set(key, (this.#echoes.get(key) ?? 0) + more);
  }
}

async function withRoutes<T>(
  { run, version, device }: Place,
  routes: readonly OwnRoutes[],
  work: () => Promise<T>,
): Promise<T> {
  await makeRoutes(run, version, device, routes);
  try {
    return await work();
  } finally {
    await removeRoutes(run, version, routes);
  }
}

const keyOf = ({ machine, version }: Pick<Place, 'machine' | 'version'>): string =>
  `${machine} ${String(version)}`;
