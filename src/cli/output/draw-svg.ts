import { instance } from '@viz-js/viz';
import { NetmgrError } from '../../errors.js';
import { FONT } from '../../manager/graph/dot/style.js';

/**
 * Lays a graph in the language of Graphviz out and draws it as SVG that refers to nothing outside itself. To be imported
 * by who draws alone: it loads 1.2 MB of WebAssembly.
 */
export async function drawSvg(dot: string): Promise<string> {
  const result = (await instance()).render(dot, { format: 'svg', engine: 'dot' });
  if (result.status === 'failure') {
    throw new NetmgrError({
      kind: 'Bug',
      message: `the picture could not be laid out: ${result.errors.map(({ message }) => message).join('; ')}`,
      hint: 'Take --format dot, and report this with the files that led here.',
    });
  }
  return withFonts(withoutProlog(result.output));
}

/** Graphviz names a document type at w3.org, which some readers fetch, and repeats in comments what titles say. */
function withoutProlog(svg: string): string {
  const drawing = svg.slice(svg.indexOf('<svg')).replace(/<!--[^]*?-->\n?/g, '');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${drawing}`;
}

/** Once for all texts, with what to take where the font is not there. In texts of the files quotes are escaped. */
function withFonts(svg: string): string {
  return svg
    .replaceAll(` font-family="${FONT}"`, '')
    .replace('<svg ', `<svg font-family="${FONT}, DejaVu Sans, Helvetica, Arial, sans-serif" `);
}
