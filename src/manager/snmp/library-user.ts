import snmp from 'net-snmp';
import type { SnmpUser } from './snmp-session.js';

/** A user of SNMPv3 in net-snmp's form: authPriv, the one level that agents admit. */
export function toLibraryUser({ name, authSecret, privSecret }: SnmpUser): snmp.User {
  return {
    name,
    level: snmp.SecurityLevel.authPriv,
    authProtocol: snmp.AuthProtocols.sha256,
    authKey: authSecret,
    privProtocol: snmp.PrivProtocols.aes,
    privKey: privSecret,
  };
}
