import type { HostState } from '../host/host-state.js';
import type { HostDifference } from '../host/examination.js';
import { NO_RULES } from '../kernel/iptables/model.js';
import { ifbName, SINK } from '../kernel/tc/ifb-name.js';

/** A host where nothing is read and nothing is wanted, so that nothing is done. */
const NOTHING: HostState = {
  tc: new Map(),
  ifbs: new Set(),
  overlays: new Map(),
  ipsets: new Map(),
  iptables: { 4: NO_RULES, 6: NO_RULES },
  nft: undefined,
  bridgeNetfilter: undefined,
  machines: new Map(),
};

/** What an examination says of some vifs and machines alone: to bring it leaves all else as it is. */
export function partOf(
  { reading, desired }: HostDifference,
  vifs: ReadonlySet<string>,
  machines: ReadonlySet<string>,
): HostDifference {
  // What copies are sent to may be missing where the first vif comes that needs it.
  const needsCopies = [...vifs].some((vif) => desired.tc.get(vif)?.copies === true);
  const owners = new Set(needsCopies ? [...vifs, SINK] : vifs);
  const names = new Set([...owners].map(ifbName).concat([...vifs]));
  const part = (state: HostState): HostState => ({
    ...NOTHING,
    tc: new Map([...state.tc].filter(([vif]) => vifs.has(vif))),
    ifbs: new Set([...state.ifbs].filter((vif) => owners.has(vif))),
    machines: new Map([...state.machines].filter(([name]) => machines.has(name))),
  });
  return {
    reading: {
      ...reading,
      links: new Map([...reading.links].filter(([name]) => names.has(name))),
      state: part(reading.state),
    },
    desired: part(desired),
  };
}

/** What an examination says of the bridge's table, of overlays, and of the IFBs of interfaces that are gone. */
export function isolationPart({ reading, desired }: HostDifference): HostDifference {
  const { links } = reading;
  const gone = new Set([...reading.state.ifbs].filter((vif) => !links.has(vif)));
  const part = ({ ifbs, nft, overlays }: HostState): HostState => ({
    ...NOTHING,
    nft,
    overlays,
    ifbs: new Set([...ifbs].filter((vif) => gone.has(vif))),
  });
  const names = new Set([...gone].map(ifbName));
  return {
    reading: {
      ...reading,
      links: new Map([...links].filter(([name, { kind }]) => kind !== 'ifb' || names.has(name))),
      state: part(reading.state),
    },
    desired: part(desired),
  };
}

/** What an examination says of all but some vifs, and of no machine. */
export function hostWithout({ reading, desired }: HostDifference, vifs: ReadonlySet<string>): HostDifference {
  const part = (state: HostState, ifbs: ReadonlySet<string>): HostState => ({
    ...state,
    tc: new Map([...state.tc].filter(([vif]) => !vifs.has(vif))),
    ifbs: new Set([...state.ifbs].filter((vif) => !vifs.has(vif)).concat([...ifbs])),
    machines: new Map(),
  });
  const kept = new Set([...reading.state.ifbs].filter((vif) => vifs.has(vif)));
  return {
    reading: { ...reading, state: part(reading.state, kept) },
    desired: part(desired, kept),
  };
}
