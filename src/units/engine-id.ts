/** Whether digits are an snmpEngineID in hexadecimal: 5 to 32 octets, not all 0 or all 255 (RFC 3411, SnmpEngineID). */
export const isEngineId = (digits: string): boolean =>
  /^(?:[0-9a-f]{2}){5,32}$/.test(digits) && !/^(?:0+|f+)$/.test(digits);
