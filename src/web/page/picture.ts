import { loadOf } from '../wire/load-of.js';
import type { LinkView } from '../wire/details-view.js';
import type { GroupKind, NetworkMap } from '../wire/network-map.js';
import type { HostView, MachineView, NetworkView, PairView, WayView } from '../wire/network-view.js';
import { ageText, rateText, shareText, shortRateText } from '../wire/quantity-text.js';
import type { Box, Size } from './arrange.js';
import { BOLD_LETTER, boxesOf, shortened, type Boxes, type GroupBox } from './boxes.js';
import { curveBetween, type Curve } from './curve.js';
import { drawing, setAll, setText } from './elements.js';
import { healthMark, HEALTH_WORDS, showHealth } from './shapes.js';

export type Colouring = 'load' | 'comparison';

/** In the order of the legend. */
export const COMPARISON_WORDS = {
  differs: 'differs from what was asked',
  measured: 'as asked, and measured',
  configured: 'in force as asked, not measured',
  unknown: 'nothing to compare',
} as const;

/** Of more pairs than this, lines are thin and rates are told in the details only. */
const MANY_PAIRS = 24;

/** Pixels from a line to the middle of both ways, and of an arrow. */
const FEW = [5, 10] as const;
const MANY = [1.5, 4] as const;

interface Item {
  readonly id: string;
  readonly shape: SVGGElement;
}

interface Way {
  readonly line: SVGPathElement;
  readonly arrow: SVGPathElement;
  readonly words: SVGTextElement;
}

/** The picture of the network. It is made once for a grouping and a size; after that only its colours and words change. */
export class Picture {
  #boxes: Boxes | undefined;
  #map: NetworkMap | undefined;
  readonly #svg = drawing('svg', { role: 'group', 'aria-label': 'Sites, hosts, machines and links' });
  readonly #pairLayer = drawing('g');
  readonly #groupLayer = drawing('g');
  readonly #machineLayer = drawing('g');
  readonly #linkLayer = drawing('g', { class: 'links', 'aria-hidden': 'true' });
  readonly #wordLayer = drawing('g', { class: 'links', 'aria-hidden': 'true' });
  readonly #items: Item[] = [];
  readonly #machines = new Map<string, (view: MachineView) => void>();
  readonly #hosts = new Map<string, (view: HostView) => void>();
  readonly #pairs = new Map<string, { forth: Way; back: Way; shape: SVGGElement; ends: readonly string[] }>();
  readonly #boxOf = new Map<string, Box>();
  #selected: string | undefined;

  constructor(
    container: HTMLElement,
    private readonly onSelect: (id: string) => void,
  ) {
    this.#svg.append(...this.#layers);
    container.append(this.#svg);
    this.#svg.addEventListener('click', ({ target }) => this.#choose(target));
    this.#svg.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** Draws the map anew. */
  draw(map: NetworkMap, kind: GroupKind, room: Size): void {
    const boxes = boxesOf(map, kind, room);
    this.#map = map;
    this.#boxes = boxes;
    for (const layer of this.#layers) layer.replaceChildren();
    for (const known of [this.#machines, this.#hosts, this.#pairs, this.#boxOf]) known.clear();
    this.#items.length = 0;
    setAll(this.#svg, {
      viewBox: `0 0 ${boxes.width.toFixed(0)} ${boxes.height.toFixed(0)}`,
      class: `${boxes.isNamed ? 'named' : 'tiled'}${boxes.isNarrow ? ' narrow' : ''}`,
    });
    for (const box of boxes.groups) this.#drawGroup(box);
    this.#rove(0);
  }

  /** Pixels that it is wide by itself, where nothing is too small to be read. */
  get width(): number {
    return this.#boxes?.width ?? 0;
  }

  /** Shows what is now. */
  show(view: NetworkView, colouring: Colouring): void {
    for (const machine of view.machines) this.#machines.get(machine.id)?.(machine);
    for (const host of view.hosts) this.#hosts.get(host.id)?.(host);
    const pairs = view.pairs.filter(({ ends }) => ends.every((end) => this.#boxOf.has(end)));
    this.#pairLayer.classList.toggle('many', pairs.length > MANY_PAIRS);
    for (const pair of pairs) this.#showPair(pair, colouring, pairs.length > MANY_PAIRS);
    this.#mark();
  }

  select(id: string | undefined): void {
    this.#selected = id;
    this.#mark();
  }

  /** Draws links one by one, between their machines. */
  showLinks(links: readonly LinkView[], colouring: Colouring): void {
    const lines = links.flatMap(({ sender, receiver, rate, limit, comparison }) => {
      const [from, to] = [this.#boxOf.get(sender ?? ''), this.#boxOf.get(receiver)];
      if (from === undefined || to === undefined) return [];
      const { line, arrow } = curveBetween(from, to, this.#centre, 2, 6);
      const utilisation = rate === undefined || limit === undefined ? undefined : rate / limit;
      const look = colouring === 'load' ? loadOf(utilisation, rate) : comparison;
      return [
        drawing('path', { d: line, class: `way ${look}` }),
        drawing('path', { d: arrow, class: `arrow ${look}` }),
      ];
    });
    this.#linkLayer.replaceChildren(...lines);
  }

  get #layers(): readonly SVGGElement[] {
    return [this.#pairLayer, this.#groupLayer, this.#linkLayer, this.#machineLayer, this.#wordLayer];
  }

  get #centre(): readonly [number, number] {
    return [(this.#boxes?.width ?? 0) / 2, (this.#boxes?.height ?? 0) / 2];
  }

  #drawGroup({ group, machines, ...box }: GroupBox): void {
    const name = group?.name ?? 'in no site';
    const mark = healthMark(box.x + 13, box.y + 15);
    const age = drawing('text', { x: box.x + box.width - 8, y: box.y + 19, class: 'age' });
    const title = drawing('title', {}, name);
    const shape = drawing('g', { class: 'group' }, [
      title,
      drawing('rect', { ...box, rx: 8 }),
      drawing(
        'text',
        { x: box.x + 23, y: box.y + 19, class: 'name' },
        shortened(name, box.width, BOLD_LETTER),
      ),
      age,
      mark,
    ]);
    this.#groupLayer.append(shape);
    if (group !== undefined) {
      this.#boxOf.set(group.id, box);
      this.#addItem(group.id, shape, `${group.kind} ${name}, ${String(machines.length)} machines`);
      if (group.kind === 'host') {
        this.#hosts.set(group.id, (host) => showHost(host, { shape, mark, age, title, name }));
      }
    }
    const marks = new Map<string, MachineView>();
    const sum = (view: MachineView): void => {
      if (group?.kind === 'host') return;
      marks.set(view.id, view);
      const healths = new Set([...marks.values()].map(({ health }) => health));
      const worst = (['failing', 'stale', 'unknown', 'good'] as const).find((one) => healths.has(one));
      showHealth(mark, worst ?? 'unknown');
    };
    for (const one of machines) {
      const show = this.#drawMachine(one.machine.id, one.machine.name, one);
      this.#machines.set(one.machine.id, (view) => {
        show(view);
        sum(view);
      });
    }
  }

  #drawMachine(id: string, name: string, box: Box): (view: MachineView) => void {
    const { x, y, width, height } = box;
    const isNamed = this.#boxes?.isNamed === true;
    const title = drawing('title', {}, name);
    const mark = healthMark(x + (isNamed ? 14 : width / 2), y + (isNamed ? 11 : height / 2));
    const rates = drawing('text', { x: x + 9, y: y + 28, class: 'rates' });
    const bar = drawing('rect', {
      x,
      y,
      width: isNamed ? 4 : width,
      height,
      rx: isNamed ? 2 : 3,
      class: 'bar idle',
    });
    const shape = drawing('g', { class: 'machine unknown' }, [
      title,
      drawing('rect', { x, y, width, height, rx: 4, class: 'chip' }),
      bar,
      mark,
      ...(isNamed
        ? [drawing('text', { x: x + 23, y: y + 15, class: 'name' }, shortened(name, width)), rates]
        : []),
    ]);
    this.#machineLayer.append(shape);
    this.#boxOf.set(id, box);
    this.#addItem(id, shape, name);
    return (view) => {
      const words = machineWords(name, view);
      setText(title, words);
      setAll(shape, { 'aria-label': words, class: `machine ${view.health}${this.#selectedClass(id)}` });
      setAll(bar, { class: `bar ${loadOf(view.utilisation, busiest(view))}` });
      showHealth(mark, view.health);
      const { sends, receives } = view;
      setText(rates, view.health === 'stale' ? 'stale' : `↑${shortText(sends)} ↓${shortText(receives)}`);
    };
  }

  #showPair(pair: PairView, colouring: Colouring, isMany: boolean): void {
    const { forth, back } = this.#pairs.get(pair.id) ?? this.#drawPair(pair, isMany);
    showWay(forth, pair.forth, colouring);
    showWay(back, pair.back, colouring);
    const names = pair.ends.map((end) => this.#map?.groups.find(({ id }) => id === end)?.name ?? end);
    const words = [
      `links between ${names.join(' and ')}`,
      ...[pair.forth, pair.back].map((way, i) => wayWords([names[i], names[1 - i]], way)),
    ].join('; ');
    const known = this.#pairs.get(pair.id);
    if (known === undefined) return;
    setAll(known.shape, { 'aria-label': words });
    const [title] = known.shape.children;
    if (title !== undefined) setText(title, words);
  }

  #drawPair({ id, ends: [first, second] }: PairView, isMany: boolean): { forth: Way; back: Way } {
    const [a, b] = [this.#boxOf.get(first), this.#boxOf.get(second)];
    const nowhere = { x: 0, y: 0, width: 0, height: 0 };
    const [side, tip] = isMany ? MANY : FEW;
    const wayOf = (curve: Curve): Way => ({
      line: drawing('path', { d: curve.line }),
      arrow: drawing('path', { d: curve.arrow }),
      words: drawing('text', { x: curve.words[0], y: curve.words[1] + 4, class: 'way-words' }),
    });
    const there = curveBetween(a ?? nowhere, b ?? nowhere, this.#centre, side, tip);
    const back = curveBetween(b ?? nowhere, a ?? nowhere, this.#centre, side, tip);
    const ways = { forth: wayOf(there), back: wayOf(back) };
    const shape = drawing('g', { class: 'pair' }, [
      drawing('title'),
      // What one can hit, and see that it has the focus.
      drawing('path', { d: there.line, class: 'hit' }),
      ...[ways.forth, ways.back].flatMap(({ line, arrow }) => [line, arrow]),
    ]);
    this.#pairLayer.append(shape);
    if (!isMany) this.#wordLayer.append(ways.forth.words, ways.back.words);
    this.#pairs.set(id, { ...ways, shape, ends: [first, second] });
    this.#addItem(id, shape, '');
    return ways;
  }

  #addItem(id: string, shape: SVGGElement, words: string): void {
    setAll(shape, { 'data-id': id, role: 'button', tabindex: -1, 'aria-label': words });
    this.#items.push({ id, shape });
  }

  #selectedClass(id: string): string {
    return id === this.#selected ? ' selected' : '';
  }

  #mark(): void {
    const group = this.#map?.machines.find(({ id }) => id === this.#selected);
    const near = [this.#selected, group?.site, group?.host];
    const isOne = (id?: string): boolean => id !== undefined && (this.#boxOf.has(id) || this.#pairs.has(id));
    const isSome = near.some(isOne);
    this.#pairLayer.classList.toggle('some', isSome);
    for (const { id, shape } of this.#items) {
      shape.classList.toggle('selected', id === this.#selected);
      shape.setAttribute('aria-pressed', String(id === this.#selected));
    }
    for (const [id, { shape, ends, forth, back }] of this.#pairs) {
      const isNear = near.some((one) => one !== undefined && (one === id || ends.includes(one)));
      shape.classList.toggle('near', isNear);
      for (const { words } of [forth, back]) words.classList.toggle('far', isSome && !isNear);
    }
  }

  #choose(target: EventTarget | null): void {
    const shape = target instanceof Element ? target.closest('[data-id]') : null;
    const at = this.#items.findIndex((item) => item.shape === shape);
    const item = this.#items[at];
    if (item === undefined) return;
    this.#rove(at);
    this.onSelect(item.id);
  }

  /** One stop for the tabulator; arrows lead from one to the next. */
  #onKey(event: KeyboardEvent): void {
    const at = this.#items.findIndex(({ shape }) => shape === document.activeElement);
    const next = {
      ...{ ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 },
      ...{ Home: 0, End: this.#items.length - 1 },
    }[event.key];
    if (event.key === 'Enter' || event.key === ' ') this.#choose(event.target);
    else if (next !== undefined) this.#rove((next + this.#items.length) % this.#items.length)?.focus();
    else return;
    event.preventDefault();
  }

  #rove(at: number): SVGGElement | undefined {
    for (const [i, { shape }] of this.#items.entries()) setAll(shape, { tabindex: i === at ? 0 : -1 });
    return this.#items[at]?.shape;
  }
}

function showHost(
  { answers, age, isStale, drift }: HostView,
  parts: {
    shape: SVGGElement;
    mark: SVGPathElement;
    age: SVGTextElement;
    title: SVGTitleElement;
    name: string;
  },
): void {
  const health = isStale
    ? 'stale'
    : answers === 'waiting'
      ? 'unknown'
      : answers === 'no' || drift > 0
        ? 'failing'
        : 'good';
  showHealth(parts.mark, health);
  parts.shape.classList.toggle('stale', isStale || answers === 'no');
  const words =
    answers === 'no' && age === undefined
      ? 'no answer'
      : isStale && age !== undefined
        ? `${ageText(age)} old`
        : '';
  setText(parts.age, words);
  setText(parts.title, `host ${parts.name}: ${words || HEALTH_WORDS[health]}`);
}

function showWay({ line, arrow, words }: Way, way: WayView | undefined, colouring: Colouring): void {
  const look = way === undefined ? 'none' : lookOf(way, colouring);
  setAll(line, { class: `way ${look}` });
  setAll(arrow, { class: `arrow ${look}` });
  setText(words, way?.rate === undefined ? '' : rateText(way.rate));
}

function lookOf({ health, utilisation, rate, comparison }: WayView, colouring: Colouring): string {
  if (health === 'stale') return 'stale';
  if (health === 'failing') return 'differs';
  return colouring === 'load' ? loadOf(utilisation, rate) : comparison;
}

function wayWords([from = '', to = '']: readonly (string | undefined)[], way: WayView | undefined): string {
  if (way === undefined) return `${from} to ${to}: none`;
  const { links, rate, utilisation, health, comparison } = way;
  return [
    `${from} to ${to}: ${String(links)} ${links === 1 ? 'link' : 'links'}`,
    ...(rate === undefined ? [] : [rateText(rate)]),
    ...(utilisation === undefined ? [] : [`busiest ${shareText(utilisation)}`]),
    ...(health === 'good' ? [] : [HEALTH_WORDS[health]]),
    COMPARISON_WORDS[comparison],
  ].join(', ');
}

function machineWords(name: string, { health, sends, receives }: MachineView): string {
  return [
    `${name}: ${HEALTH_WORDS[health]}`,
    ...(sends === undefined ? [] : [`sends ${rateText(sends)}`]),
    ...(receives === undefined ? [] : [`receives ${rateText(receives)}`]),
  ].join(', ');
}

function shortText(rate: number | undefined): string {
  return rate === undefined ? '–' : shortRateText(rate);
}

function busiest({ sends, receives }: MachineView): number | undefined {
  return sends === undefined && receives === undefined ? undefined : Math.max(sends ?? 0, receives ?? 0);
}
