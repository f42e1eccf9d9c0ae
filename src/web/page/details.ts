import type { DetailsView, LinkView, ValueView } from '../wire/details-view.js';
import type { NetworkMap } from '../wire/network-map.js';
import type { Health, NetworkView } from '../wire/network-view.js';
import { ageText, rateText, shareText } from '../wire/quantity-text.js';
import { Chart } from './chart.js';
import { byId, element, setText, type Content } from './elements.js';
import { COMPARISON_WORDS } from './picture.js';
import { HEALTH_WORDS, healthIcon } from './shapes.js';

const KIND_WORDS = { host: 'Host', site: 'Site', machine: 'Machine', pair: 'Links', link: 'Link' } as const;

/** Milliseconds up to which something is as new as it can be. */
const NEW = 3000;

/** Shows all that is known of what was chosen. */
export class Details {
  readonly #title = byId('details-title');
  readonly #body = byId('details-body');
  readonly #chart = new Chart();
  #shown = '';

  constructor(onSelect: (id: string | undefined) => void) {
    byId('details').addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('[data-go]') : null;
      const id = button?.getAttribute('data-go');
      if (id !== null && id !== undefined) onSelect(id === '' ? undefined : id);
    });
    this.clear();
  }

  clear(): void {
    this.#shown = '';
    setText(this.#title, 'Details');
    this.#body.replaceChildren(
      element('p', { class: 'quiet' }, 'Choose a site, a host, a machine or a line in the picture.'),
    );
  }

  /** What was chosen is not there any more, or not yet. */
  miss(name: string): void {
    this.#shown = '';
    setText(this.#title, name);
    this.#body.replaceChildren(element('p', {}, 'Nothing is known of it now.'), closeButton());
  }

  show(details: DetailsView, map: NetworkMap, view: NetworkView): void {
    // What did not change stays as it is, with what is read, selected or focused in it.
    const { history, ...rest } = details;
    const machines = machinesOf(details, map, view);
    const shown = JSON.stringify([{ ...rest, age: ageWords(rest.age) }, machines]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      const focused = document.activeElement?.getAttribute('data-go');
      this.#build(details, machines);
      if (focused !== null && focused !== undefined) {
        const again = [...this.#body.querySelectorAll<HTMLElement>('[data-go]')];
        again.find((button) => button.dataset['go'] === focused)?.focus();
      }
    }
    this.#chart.show(history);
  }

  #build(details: DetailsView, machines: readonly MachineRow[]): void {
    const { kind, title, health, words, values, problems, links, linkCount, age } = details;
    setText(this.#title, `${KIND_WORDS[kind]} ${title}`);
    const old = ageWords(age);
    this.#body.replaceChildren(
      element('p', { class: 'health' }, [
        healthIcon(health),
        ` ${HEALTH_WORDS[health]}${old === '' ? '' : `, read ${old} ago`}`,
      ]),
      element('p', { class: 'quiet' }, words.join(' · ')),
      ...(problems.length === 0
        ? []
        : [
            element(
              'ul',
              { class: 'wrong' },
              problems.map((text) => element('li', {}, text)),
            ),
          ]),
      ...(values.length === 0 ? [] : [valueTable(values)]),
      this.#chart.element,
      ...(machines.length === 0 ? [] : [machineTable(machines)]),
      ...(links.length === 0 ? [] : [linkTable(links, linkCount)]),
      closeButton(),
    );
  }
}

interface MachineRow {
  readonly id: string;
  readonly name: string;
  readonly health: Health;
  readonly sends: string;
  readonly receives: string;
}

function machinesOf({ kind, id }: DetailsView, map: NetworkMap, view: NetworkView): MachineRow[] {
  if (kind !== 'host' && kind !== 'site') return [];
  const own = new Map(
    map.machines.filter((machine) => machine[kind] === id).map((one) => [one.id, one.name]),
  );
  const text = (rate: number | undefined): string => (rate === undefined ? '–' : rateText(rate));
  return view.machines.flatMap((machine) => {
    const name = own.get(machine.id);
    const { health, sends, receives } = machine;
    return name === undefined
      ? []
      : [{ id: machine.id, name, health, sends: text(sends), receives: text(receives) }];
  });
}

function machineTable(machines: readonly MachineRow[]): HTMLElement {
  return table(
    `${String(machines.length)} ${machines.length === 1 ? 'machine' : 'machines'}`,
    ['machine', 'sends', 'receives'],
    machines.map(({ id, name, health, sends, receives }) => [
      withIcon(health, goButton(id, name)),
      sends,
      receives,
    ]),
  );
}

function valueTable(values: readonly ValueView[]): HTMLElement {
  return table(
    'Values',
    ['', 'asked', 'in force', 'measured'],
    values.map(({ name, configured = '', inForce = '', measured = '', differs }) => [
      differs === true ? [name, ' ', element('strong', { class: 'differs' }, 'differs')] : name,
      ...[configured, inForce, measured],
    ]),
  );
}

function linkTable(links: readonly LinkView[], count: number): HTMLElement {
  const others = count > links.length ? `, ${String(links.length)} of them here` : '';
  return table(
    `${String(count)} ${count === 1 ? 'link' : 'links'}${others}`,
    ['link', 'passes', 'compared'],
    links.map(({ id, name, health, rate, limit, comparison }) => [
      withIcon(health, goButton(id, name)),
      rateOfLimit(rate, limit),
      comparison === 'differs'
        ? element('strong', { class: 'differs' }, COMPARISON_WORDS.differs)
        : COMPARISON_WORDS[comparison],
    ]),
  );
}

function rateOfLimit(rate: number | undefined, limit: number | undefined): string {
  if (rate === undefined) return '–';
  if (limit === undefined) return rateText(rate);
  return `${shareText(rate / limit)}, ${rateText(rate)}`;
}

function table(caption: string, head: readonly string[], rows: readonly (readonly Content[])[]): HTMLElement {
  return element(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 },
    element('table', {}, [
      element('caption', {}, caption),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          head.map((name) => element('th', { scope: 'col' }, name)),
        ),
      ),
      element(
        'tbody',
        {},
        rows.map((cells) =>
          element(
            'tr',
            {},
            cells.map((cell, i) =>
              i === 0 ? element('th', { scope: 'row' }, cell) : element('td', {}, cell),
            ),
          ),
        ),
      ),
    ]),
  );
}

function withIcon(health: Health, content: HTMLElement): HTMLElement {
  return element('span', { class: 'with-icon' }, [healthIcon(health), content]);
}

function goButton(id: string, name: string): HTMLElement {
  return element('button', { type: 'button', class: 'go', 'data-go': id }, name);
}

function closeButton(): HTMLElement {
  return element('button', { type: 'button', class: 'close', 'data-go': '' }, 'Close');
}

function ageWords(age: number | undefined): string {
  return age === undefined || age < NEW ? '' : ageText(age);
}
