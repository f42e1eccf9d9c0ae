import type { Detail } from './diff-items.js';

/** `bandwidth 1mbit → 2mbit`, `loss 1% → none`, `+ address 10.1.0.5/16`. */
export function detailWords(detail: Detail): string {
  if ('added' in detail) return `+ ${detail.name} ${detail.added}`;
  if ('removed' in detail) return `- ${detail.name} ${detail.removed}`;
  const { name, before, after } = detail;
  if (name === 'order') return `order: ${after ?? ''}`;
  return [name, before === undefined && after === undefined ? '' : arrow(before, after)].join(' ').trim();
}

/** Of something new, or that goes, what it is like: `bandwidth 1mbit`. */
export function contentWords(detail: Detail): string {
  if ('added' in detail) return `${detail.name} ${detail.added}`;
  if ('removed' in detail) return `${detail.name} ${detail.removed}`;
  return `${detail.name} ${detail.after ?? detail.before ?? ''}`.trim();
}

function arrow(before = 'none', after = 'none'): string {
  return `${before} → ${after}`;
}
