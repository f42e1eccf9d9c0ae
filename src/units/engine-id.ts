/** Whether digits are an snmpEngineID in hexadecimal: 5 to 32 octets (RFC 3411, SnmpEngineID). */
export const isEngineId = (digits: string): boolean => /^(?:[0-9a-f]{2}){5,32}$/.test(digits);
