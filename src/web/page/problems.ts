import type { NetworkView } from '../wire/network-view.js';
import { byId, element } from './elements.js';

/** The list of all that is wrong. */
export class Problems {
  readonly #list = byId('problem-list');
  #shown = '';

  constructor(onSelect: (id: string) => void) {
    this.#list.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>('[data-problem]') : null;
      const id = button?.dataset['problem'];
      if (id !== undefined) onSelect(id);
    });
  }

  show({ problems, problemCount }: NetworkView): void {
    const shown = JSON.stringify([problems, problemCount]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const others = problemCount - problems.length;
    this.#list.replaceChildren(
      problemCount === 0
        ? element('p', { class: 'quiet' }, 'None: all that is known is as it should be.')
        : element(
            'ul',
            { class: 'wrong' },
            problems.map(({ id, subject, text }) =>
              element('li', {}, [
                element('button', { type: 'button', class: 'go', 'data-problem': id }, subject),
                ` ${text}`,
              ]),
            ),
          ),
      ...(others > 0 ? [element('p', {}, `and ${String(others)} more`)] : []),
    );
  }
}
