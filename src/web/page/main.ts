import type { DetailsView } from '../wire/details-view.js';
import type { GroupKind, NetworkMap } from '../wire/network-map.js';
import type { NetworkView } from '../wire/network-view.js';
import { Connection } from './connection.js';
import { Details } from './details.js';
import { byId, element, setText } from './elements.js';
import { legend } from './legend.js';
import { Picture, type Colouring } from './picture.js';
import { Problems } from './problems.js';

/** Below this scale letters are too small to be read: the picture is scrolled then. */
const LEAST_SCALE = 0.7;
/** The picture's height as a share of its width, where the page is narrow. */
const NARROW_HEIGHT = 1.6;
const NARROW = 900;
const LEAST_HEIGHT = 420;

/** The page: what is chosen, and what is shown of it. */
class Page {
  #map: NetworkMap | undefined;
  #view: NetworkView | undefined;
  #details: DetailsView | undefined;
  #selected: string | undefined;
  #grouping: GroupKind = 'site';
  #colouring: Colouring = 'load';
  #room = '';
  #isAsking = false;
  readonly #canvas = byId('canvas');
  readonly #picture = new Picture(this.#canvas, (id) => this.#select(id));
  readonly #panel = new Details((id) => this.#select(id));
  readonly #problems = new Problems((id) => this.#select(id));
  readonly #connection = new Connection({
    onMap: (map) => this.#onMap(map),
    onView: (view) => this.#onView(view),
    onLost: (why) => this.#onLost(why),
  });

  constructor() {
    byId('controls').addEventListener('submit', (event) => event.preventDefault());
    byId('controls').addEventListener('change', ({ target }) => this.#onControl(target));
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#select(undefined);
    });
    new ResizeObserver(() => this.#draw()).observe(byId('picture'));
    byId('legend').replaceChildren(legend(this.#colouring));
  }

  #onMap(map: NetworkMap): void {
    if (JSON.stringify(map) === JSON.stringify(this.#map)) return;
    this.#map = map;
    setText(byId('name'), map.name);
    byId('names').replaceChildren(
      ...[...map.groups, ...map.machines].map(({ name }) => element('option', { value: name })),
    );
    byId('grouping').hidden = !map.hasSites;
    if (!map.hasSites) this.#grouping = 'host';
    this.#room = '';
    this.#draw();
    setText(byId('status'), 'Waiting for the hosts to answer…');
  }

  #onView(view: NetworkView): void {
    this.#view = view;
    const answering = view.hosts.filter(({ answers, isStale }) => answers === 'yes' && !isStale).length;
    const { problemCount: count } = view;
    const problems = count === 0 ? 'no problems' : `${String(count)} ${count === 1 ? 'problem' : 'problems'}`;
    setText(byId('status'), `${String(answering)} of ${String(view.hosts.length)} hosts answer, ${problems}`);
    setText(byId('updated'), new Date(view.time).toLocaleTimeString([], { hour12: false }));
    document.title = `${count === 0 ? '' : `(${String(count)}) `}${this.#map?.name ?? ''} – netmgr`;
    document.body.classList.toggle('wrong', count > 0);
    this.#problems.show(view);
    this.#picture.show(view, this.#colouring);
    void this.#refresh();
  }

  #onLost(why: string | undefined): void {
    const lost = byId('lost');
    document.body.classList.toggle('lost', why !== undefined);
    lost.hidden = why === undefined;
    if (why === undefined) return;
    const since =
      this.#view === undefined
        ? ''
        : ` What is shown is of ${new Date(this.#view.time).toLocaleTimeString([], { hour12: false })}.`;
    setText(lost, `${why}${since} Trying again…`);
  }

  #onControl(target: EventTarget | null): void {
    if (!(target instanceof HTMLInputElement)) return;
    switch (target.name || target.id) {
      case 'grouping':
        this.#grouping = target.value === 'host' ? 'host' : 'site';
        this.#room = '';
        this.#draw();
        break;
      case 'colouring':
        this.#colouring = target.value === 'comparison' ? 'comparison' : 'load';
        byId('legend').replaceChildren(legend(this.#colouring));
        this.#show();
        break;
      case 'find':
        this.#find(target.value);
        break;
    }
  }

  #find(text: string): void {
    const name = text.trim();
    const { groups = [], machines = [] } = this.#map ?? {};
    const found = [...machines, ...groups].find((one) => one.name === name);
    if (found !== undefined) this.#select(found.id);
  }

  /** Anew only where something else is to be drawn, or there is another room for it. */
  #draw(): void {
    if (this.#map === undefined) return;
    const width = Math.round(byId('picture').clientWidth);
    const isNarrow = window.innerWidth < NARROW;
    const top = this.#canvas.getBoundingClientRect().top + window.scrollY;
    const height = isNarrow
      ? Math.round(width * NARROW_HEIGHT)
      : Math.max(LEAST_HEIGHT, window.innerHeight - Math.round(top) - 120);
    const room = `${String(width)} ${String(height)}`;
    if (room === this.#room || width === 0) return;
    this.#room = room;
    this.#picture.draw(this.#map, this.#grouping, { width, height });
    const own = this.#picture.width;
    const needed = width / own < LEAST_SCALE ? own * LEAST_SCALE : Math.min(own, width);
    this.#canvas.style.setProperty('--width', `${String(Math.round(needed))}px`);
    this.#show();
  }

  #show(): void {
    if (this.#view !== undefined) this.#picture.show(this.#view, this.#colouring);
    this.#picture.showLinks(this.#details?.links ?? [], this.#colouring);
  }

  #select(id: string | undefined): void {
    this.#selected = id;
    this.#picture.select(id);
    this.#details = undefined;
    this.#picture.showLinks([], this.#colouring);
    if (id === undefined) {
      this.#panel.clear();
      return;
    }
    void this.#refresh(true);
  }

  /** @param isNew whether it was just chosen: then it comes into sight */
  async #refresh(isNew = false): Promise<void> {
    const id = this.#selected;
    if (id === undefined || (this.#isAsking && !isNew)) return;
    this.#isAsking = true;
    try {
      const details = await this.#connection.details(id);
      if (id !== this.#selected || this.#map === undefined || this.#view === undefined) return;
      this.#details = details;
      if (details === undefined) this.#panel.miss(id);
      else this.#panel.show(details, this.#map, this.#view);
      this.#picture.showLinks(details?.kind === 'site' ? [] : (details?.links ?? []), this.#colouring);
      if (isNew && window.innerWidth < NARROW) byId('details').scrollIntoView({ block: 'nearest' });
    } catch {
      // The events tell that the server is lost.
    } finally {
      this.#isAsking = false;
    }
  }
}

new Page();
