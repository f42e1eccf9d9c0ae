import { lastOf, listOf, type Directive } from './directives.js';
import { snippetDirectory } from './snippet-file.js';
import type { SystemConf } from './system-conf.js';

/** What the administrator of snmpd still has to do, in sentences. */
export function notesOn(conf: string, { directives, includesSnippets }: SystemConf): readonly string[] {
  const addresses = directives.filter(({ token }) => token === 'agentaddress');
  const all = addresses.flatMap(({ value }) => listOf(value));
  const directory = snippetDirectory(conf);
  const where = lastOf(addresses, 'agentaddress')?.file ?? conf;
  return [
    ...(includesSnippets
      ? []
      : [`${conf} does not include ${directory}: add the line "includeDir ${directory}" to it`]),
    ...(all.length > 0 && all.every(isLocal)
      ? [
          `snmpd listens at ${all.join(',')} only, where managers on other hosts do not reach it: ` +
            `add an address of this host to agentaddress in ${where}, such as agentaddress 172.16.0.1`,
        ]
      : []),
    ...directives
      .filter(writesAll)
      .map(
        ({ token, file }) =>
          `${token} in ${file} names no view, so that it may change what netmgr emulates too: give it one (-V VIEW)`,
      ),
  ];
}

/** Whether somebody may write all that any subagent serves (snmpd.conf(5), "Traditional Access Control"). */
function writesAll({ token, value }: Directive): boolean {
  const isWriter = ['rwcommunity', 'rwcommunity6', 'rwuser'].includes(token);
  const words = value.replace(/^-s\s+\S+\s+/, '').split(/\s+/);
  // Name, source or level, and then a subtree or a view.
  return isWriter && words.length < 3;
}

/** Whether only this host reaches that address (snmpd(8), "LISTENING ADDRESSES"). */
function isLocal(address: string): boolean {
  const bare = address.replace(/^(?:udp|tcp|dtls(?:udp)?|tls(?:tcp)?|ssh)(?:v?6|ipv6)?:/i, '');
  return /^(?:127\.|localhost(?::|$)|\[?::1(?:\]|$)|unix:|\/)/i.test(bare);
}
