// Reads an snmp.yml for prometheus-snmp-exporter up to 0.22, in which each module has its user, and writes it for 0.23
// and later, where users are named apart and a scrape chooses one.
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

const auths = new Map();
const modules = {};
for (const [name, { version, auth, ...module }] of Object.entries(parse(readFileSync(0, 'utf8')))) {
  auths.set(JSON.stringify({ version, ...auth }), { version, ...auth });
  modules[name] = module;
}
if (auths.size !== 1) throw new Error('the modules of snmp.yml have different users');
const [netmgr] = auths.values();
const head =
  '# From snmp.yml, for prometheus-snmp-exporter 0.23 and later: npm run generate:snmp-exporter.\n';
process.stdout.write(head + stringify({ auths: { netmgr }, modules }, { aliasDuplicateObjects: false }));
