import { Html } from './html.js';

/** The page's style: light and dark, on a desk and on a telephone. */
export const STYLE = new Html(`<style>
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2330; --quiet: #5a6474; --grid: #e3e7ed; --panel: #f4f6f9;
  --local: #0b63c4; --remote: #c05300; --theory: #5a6474; --bound: #8a3ab9; --good: #0c7a43; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181f; --ink: #e6eaf0; --quiet: #a3adbb; --grid: #2c3440;
  --panel: #1d232c; --local: #6cb2ff; --remote: #ffa35c; --theory: #a3adbb; --bound: #cf9bf0; --good: #5fd394; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.25rem 1rem 4rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; line-height: 1.2; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--grid); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
p { margin: .5rem 0; max-width: 46rem; overflow-wrap: anywhere; }
nav a { margin-right: 1rem; } a { color: var(--local); }
.about, figcaption { color: var(--quiet); font-size: .875rem; }
.verdict { padding: .75rem 1rem; background: var(--panel); border-left: 4px solid var(--good); font-size: 1.1rem; }
.verdict.missed, .failed { border-left-color: var(--bad); }
.failed { padding: .5rem 1rem; background: var(--panel); border-left: 4px solid var(--bad); }
.paper { padding: .25rem 1rem; border-left: 4px solid var(--grid); }
.held { color: var(--good); font-weight: 600; white-space: nowrap; } .no { color: var(--bad); font-weight: 600; white-space: nowrap; }
figure { margin: 1.25rem 0; } figure svg { width: 100%; height: auto; display: block; } .narrow { display: none; }
.scroll { overflow-x: auto; margin: .75rem 0; } table { border-collapse: collapse; font-size: .875rem; min-width: 100%; }
th, td { padding: .25rem .6rem .25rem 0; text-align: left; border-bottom: 1px solid var(--grid); vertical-align: top; }
th { color: var(--quiet); font-weight: 600; } td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
@media (max-width: 34rem) { .wide { display: none; } .narrow { display: block; }
  .bounds thead { display: none; } .bounds tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--grid); }
  .bounds td { display: block; padding: 0; border: 0; } .bounds td:last-child { display: none; } }
</style>`);
