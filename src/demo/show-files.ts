import type { DemoContext } from './demo-context.js';

/** Says what the two files ask for. */
export function showFiles({ screen, real, virtual, realPath, virtualPath }: DemoContext): void {
  screen.heading('What is there, and what is wanted');
  screen.line(realPath);
  screen.table([
    ['host', 'agent', 'machines'],
    ...real.hosts.map((host) => [host.name, host.address.toString(), String(host.vms.length)]),
  ]);
  screen.line(virtualPath);
  screen.table([
    ['site', 'networks', 'nodes', 'proxies'],
    ...virtual.sites.map((site) => [
      site.name,
      site.networks.map((network) => network.toString()).join(' '),
      String(site.nodes.length),
      site.nodes
        .filter(({ role }) => role === 'proxy')
        .map(({ vm }) => vm)
        .join(' '),
    ]),
  ]);
  screen.table([
    ['link', 'bandwidth', 'latency'],
    ...virtual.links.map((link) => [
      `${link.from} ${link.direction === 'both' ? '<->' : '->'} ${link.to}`,
      link.bandwidth?.toString() ?? 'unlimited',
      link.latency?.toString() ?? 'none',
    ]),
  ]);
}
