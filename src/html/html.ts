/** Text that is HTML already, and stays as it is where it is put into other HTML. */
export class Html {
  constructor(readonly text: string) {}
}

type Content = Html | string | number | readonly (Html | string)[];

/** HTML with values in it. All that is not {@link Html} itself is text, whatever it holds. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.reduce((text, string, i) => `${text}${contentOf(values[i - 1] ?? '')}${string}`));
}

function contentOf(value: Content): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value.map(contentOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** A table; the first row is its head, and cells that begin with a digit or a sign stand to the right. */
export function table(rows: readonly (readonly (string | Html)[])[]): Html {
  const [head = [], ...body] = rows;
  const cell = (content: string | Html): Html =>
    typeof content === 'string' && /^[-+±]?[0-9]/.test(content)
      ? html`<td class="number">${content}</td>`
      : html`<td>${content}</td>`;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((content) => html`<th scope="col">${content}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
