import type { RealEnvironment } from '../manager/model/real-environment.js';
import type { VirtualEnvironment } from '../manager/model/virtual-environment.js';
import type { Endpoint } from './endpoints.js';
import type { Screen } from './screen.js';

/** What every step of the demo works with. */
export interface DemoContext {
  readonly screen: Screen;
  readonly realPath: string;
  readonly virtualPath: string;
  readonly real: RealEnvironment;
  readonly virtual: VirtualEnvironment;
  readonly endpoints: readonly Endpoint[];
  /** Milliseconds after which a probe without an answer counts as blocked. */
  readonly patience: number;
}
