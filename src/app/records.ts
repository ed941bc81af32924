/** What a use case takes that changes records and leaves what follows to the reconcilers. */
import type { Store } from "../store/engine/store.ts";
import type { Nudge } from "./ports/nudge.ts";
import type { Sealing } from "./secrets/sealing.ts";

export interface Records {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly nudge: Nudge;
  /** For what must be stored and given to nodes in clear. */
  readonly sealing: Sealing;
  /** Why nodes have no containers here, as far as the service can know; their agents find out for good. */
  readonly containerObstacle?: string | undefined;
  /** Whether this machine has a loopback of IPv6; unsaid counts as yes. */
  readonly hasIPv6?: boolean;
  /** Why nodes mount no file systems here, as far as the service can know. */
  readonly mountObstacle?: string | undefined;
}
