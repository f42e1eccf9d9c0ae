import { runDemo } from './run-demo.js';

// The part of the demo that runs in a lab: `inside REAL VIRTUAL`.

const PATIENCE = { native: 3000, uml: 8000 } as const;

const [realPath = '', virtualPath = ''] = process.argv.slice(2);
// A User-Mode Linux kernel has one CPU for all machines, so answers may take longer.
const patience = process.env['NETMGR_LAB_KERNEL'] === 'native' ? PATIENCE.native : PATIENCE.uml;
process.exitCode = (await runDemo(realPath, virtualPath, patience)) ? 0 : 1;
