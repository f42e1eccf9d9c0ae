import { html, type Html } from './html.js';
import { STYLE } from './style.js';

/** A page that needs nothing else, and is not allowed to load anything. @param style what it has besides the common one */
export function page(title: string, body: Html, style: Html = html``): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        ${STYLE} ${style}
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}
