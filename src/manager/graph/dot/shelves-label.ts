import type { Box, Shelf } from '../arrange.js';
import { lines, markup, type Markup } from './markup.js';
import { COLOURS } from './style.js';
import { nameLine, smallLine, smallLines } from './text-lines.js';

/** Boxes of a shelf beside each other. */
const MOST_COLUMNS = 6;
/** Boxes beside each other over all shelves of a row. */
const WIDEST_ROW = 8;
/** Lines with names, or ranges of them, in a box of many. */
const MOST_NAMES = 6;

/** A shelf with what stands above its boxes, and its colour. */
export interface HeadedShelf extends Shelf {
  readonly heading: readonly Markup[];
  readonly tint: string;
}

/** Shelves in rows, each with its boxes in a table. */
export function shelvesLabel(shelves: readonly HeadedShelf[]): Markup {
  // As high as the fullest is with its columns: the others take as many columns as they need for that.
  const most = Math.max(1, ...shelves.map(({ boxes }) => boxes.length));
  const height = Math.ceil(most / Math.min(MOST_COLUMNS, Math.ceil(Math.sqrt(most))));
  const columnsOf = ({ boxes }: Shelf): number => Math.max(1, Math.ceil(boxes.length / height));
  const [only, ...others] = shelves;
  // Without room around it, so that edges reach it.
  if (only !== undefined && others.length === 0) return shelfTable(only, columnsOf(only), height);
  return markup`
    <TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">
      ${rowsOf(shelves, columnsOf).map(
        (row) => markup`
          <TR><TD>
            <TABLE BORDER="0" CELLBORDER="0" CELLSPACING="6" CELLPADDING="0">
              <TR>${row.map((shelf) => markup`<TD>${shelfTable(shelf, columnsOf(shelf), heightOf(row, columnsOf))}</TD>`)}</TR>
            </TABLE>
          </TD></TR>`,
      )}
    </TABLE>`;
}

/** As even as whole shelves can be. */
function rowsOf<S>(shelves: readonly S[], columnsOf: (shelf: S) => number): S[][] {
  const all = shelves.reduce((sum, shelf) => sum + columnsOf(shelf), 0);
  const width = all / Math.max(1, Math.ceil(all / WIDEST_ROW));
  const rows: S[][] = [];
  let filled = 0;
  for (const shelf of shelves) {
    const row = rows.at(-1);
    if (row === undefined || filled >= rows.length * width) rows.push([shelf]);
    else row.push(shelf);
    filled += columnsOf(shelf);
  }
  return rows;
}

function heightOf(row: readonly Shelf[], columnsOf: (shelf: Shelf) => number): number {
  return Math.max(...row.map((shelf) => Math.ceil(shelf.boxes.length / columnsOf(shelf))));
}

/** @param height in boxes; Graphviz would stretch those of a lower table */
function shelfTable(shelf: HeadedShelf, columns: number, height: number): Markup {
  const { boxes, heading, tint } = shelf;
  const rows = Array.from({ length: height }, (_row, i) => boxes.slice(i * columns, (i + 1) * columns));
  return markup`
    <TABLE STYLE="ROUNDED" COLOR="${COLOURS.frame}" BGCOLOR="${tint}" CELLSPACING="4" CELLPADDING="2">
      <TR><TD BORDER="0" COLSPAN="${columns}" CELLPADDING="0">${lines(heading)}</TD></TR>
      ${rows.map((row) => markup`<TR>${row.length === 0 ? [blankCell(columns, boxes[0])] : row.map(boxCell)}</TR>`)}
    </TABLE>`;
}

function boxCell(box: Box): Markup {
  return markup`<TD BGCOLOR="${COLOURS.paper}" STYLE="ROUNDED">${lines(boxLines(box))}</TD>`;
}

/** Nothing, as high as a box. */
function blankCell(columns: number, like: Box | undefined): Markup {
  const blanks = (like === undefined ? [''] : boxLines(like)).map(() => smallLine(' '));
  return markup`<TD BORDER="0" COLSPAN="${columns}">${lines(blanks)}</TD>`;
}

function boxLines({ names, count, addresses, words }: Box): Markup[] {
  const details = [...addresses, ...words].flatMap((text) => smallLines(text));
  if (count === 1) return [...names.map(nameLine), ...details];
  const shown = names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES - 1), '…'] : names;
  return [nameLine(`${String(count)} machines`), ...shown.flatMap((text) => smallLines(text)), ...details];
}
