import type { IpAddress } from '../../units/ip-network.js';
import { mtuOf, saidMtu } from '../merge/overlay-mtu.js';
import type { PlacedNode } from '../merge/placed-node.js';
import { burstOf, delayOf, lossOf, type Decision, type WantedNetwork } from '../merge/wanted-network.js';
import { SMALL, timeoutOf } from '../probe/echo-parameters.js';
import { NO_RESULT, type EchoRequest, type EchoResult, type Failed } from '../probe/prober.js';

/** Of echo requests to one address: enough that chance loses all of them once in so many ways. */
const ALL_LOST = 1e-6;
const FEWEST = 3;
const MOST = 1000;
/** Milliseconds. Within one way, so that all together do not fill a slow link. */
const INTERVAL = 100;
/**
 * Milliseconds between requests on a way that loses: what finds the neighbour gets lost too, and is sent again once in a second
 * (RFC 4861 section 10; neigh/default/retrans_time_ms for ARP), so that requests in a shorter time would wait for it in vain.
 */
const LOSSY_INTERVAL = 1000;
/** Milliseconds that they take altogether, at most. */
const LONGEST = 60_000;

/** Octets of an IP header, and of the echo's own. */
const HEADERS = { 4: 20 + 8, 6: 40 + 8 } as const;

/** Whether one node should get answers from an address of another one. */
export interface ReachQuestion {
  readonly from: PlacedNode;
  readonly to: PlacedNode;
  readonly target: IpAddress;
  readonly expected: 'answer' | 'silence';
  /** Octets of the packet, where it is as large as both nodes may send. */
  readonly largest?: number;
  readonly decision: Decision;
  /** What is asked of latency and jitter there and back, in microseconds. */
  readonly delay: number;
  readonly request: EchoRequest;
}

/** A way on which it is otherwise than asked, or that could not be probed. */
export interface ReachFinding {
  readonly question: ReachQuestion;
  readonly got: 'answer' | 'silence' | Failed;
}

/**
 * One question for each ordered pair of nodes and IP version. Who should get no answer asks past its own routes, which lead
 * nowhere: by IPv4 as if the other was on the same link, by IPv6 the link-local address.
 */
export function reachQuestions(network: WantedNetwork): ReachQuestion[] {
  const questions = waysOf(network);
  return [...questions, ...largestPackets(network, questions)];
}

/** For each node, whether a packet as large as it may be comes through to another node and back. */
function largestPackets(network: WantedNetwork, questions: readonly ReachQuestion[]): ReachQuestion[] {
  const asked = new Set<PlacedNode>();
  return questions.flatMap((question): ReachQuestion[] => {
    const { from, to, target, request } = question;
    if (question.expected === 'silence' || asked.has(from)) return [];
    // What nobody asks for is as it is.
    if (![from, to].some((node) => (saidMtu(node) ?? node.site.overlay) !== undefined)) return [];
    asked.add(from);
    const stations = [...network.legs(from, to), ...network.legs(to, from)].map((leg) => mtuOf(leg.to));
    const largest = Math.min(...stations);
    return [{ ...question, largest, request: { ...request, size: largest - HEADERS[target.version] } }];
  });
}

function waysOf(network: WantedNetwork): ReachQuestion[] {
  return network.nodes.flatMap((from) =>
    network.nodes
      // A machine that is a node of several sites reaches itself.
      .filter((to) => to.node.vm !== from.node.vm)
      .flatMap((to): ReachQuestion[] => {
        const decision = network.decide(from, to, { protocol: 'icmp' });
        const [there, back] = [network.legs(from, to), network.legs(to, from)];
        const lost = lossOf([...there, ...back]);
        const delay = delayOf([...there, ...back]);
        const isAnswered = decision.passes && lost < 1;
        const base = { from, size: SMALL, timeout: timeoutOf(delay) };
        const question = (target: IpAddress, onLink: boolean, count: number): ReachQuestion => ({
          ...{ from, to, target, decision, delay, expected: isAnswered ? 'answer' : 'silence' },
          request: { ...base, target, onLink, count, interval: intervalOf(lost, count) },
        });
        if (isAnswered) {
          const legs = [...there, ...back];
          const count =
            lost === 0 ? FEWEST : Math.ceil((Math.log(ALL_LOST) / Math.log(lost)) * burstOf(legs));
          return firstOfEach(from, to).map((target) =>
            question(target, false, Math.min(MOST, Math.max(FEWEST, count))),
          );
        }
        const versions = new Set(from.node.addresses.map(({ version }) => version));
        return [
          ...to.node.addresses.filter(({ version }) => version === 4 && versions.has(4)).slice(0, 1),
          to.mac.linkLocalAddress(),
        ].map((target) => question(target, true, 1));
      }),
  );
}

function intervalOf(lost: number, count: number): number {
  if (lost === 0) return INTERVAL;
  return Math.max(INTERVAL, Math.min(LOSSY_INTERVAL, Math.floor(LONGEST / count / 10) * 10));
}

/** The first address of each IP version that both have. */
export function firstOfEach(from: PlacedNode, to: PlacedNode): IpAddress[] {
  return ([4, 6] as const).flatMap((wanted) => {
    const target = to.node.addresses.find(({ version }) => version === wanted);
    const isBoth = from.node.addresses.some(({ version }) => version === wanted);
    return target === undefined || !isBoth ? [] : [target];
  });
}

/** The nodes that those of closed ways should not reach by IPv4: without a way back it would not be seen that somebody does. */
export function answeringOf(questions: readonly ReachQuestion[]): PlacedNode[] {
  const closed = questions.filter(({ target }) => target.version === 4);
  // One of each machine: it has one way back at a time.
  return [...new Map(closed.map(({ to }) => [to.node.vm, to])).values()];
}

/** What was otherwise than asked. */
export function judgeReach(
  questions: readonly ReachQuestion[],
  results: readonly (EchoResult | Failed)[],
): ReachFinding[] {
  return questions.flatMap((question, i): ReachFinding[] => {
    const result = results[i] ?? NO_RESULT;
    if ('failure' in result) return [{ question, got: result }];
    const got = result.received > 0 ? 'answer' : 'silence';
    return got === question.expected ? [] : [{ question, got }];
  });
}
