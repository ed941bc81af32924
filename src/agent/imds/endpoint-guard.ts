/**
 * The metadata security protocol at one endpoint of a node: who asks is found once for each connection, judged, and told with each
 * request. In Azure a proxy in the virtual machine does it; here the endpoint itself. Source: "MSP feature configuration".
 */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import {
  type MetadataCaller,
  type MetadataFlaw,
  metadataFlaw,
} from "../../core/lifecycle/metadata-security.ts";
import type { MetadataEndpoint, MetadataMode } from "../../wire/agent/messages.ts";
import type { Audited } from "./request-log.ts";

export interface EndpointGuardOptions {
  readonly endpoint: MetadataEndpoint;
  readonly mode: MetadataMode;
  readonly callerOf: (socket: Socket) => Promise<MetadataCaller>;
  /** Called for each request that has been answered. */
  readonly onAudited: (kind: string, make: () => Audited) => void;
}

export interface Verdict {
  /** How it is to be refused; undefined for one that is let pass. */
  readonly refusal: MetadataFlaw | undefined;
  /** @param target as `shownTarget` has it. @param reason why the endpoint has refused it by itself */
  readonly answered: (target: string, status: number, reason?: string) => void;
}

const TARGET_SHOWN_MAX = 300;

export class EndpointGuard {
  readonly #options: EndpointGuardOptions;
  readonly #callers = new WeakMap<Socket, Promise<MetadataCaller>>();

  constructor(options: EndpointGuardOptions) {
    this.#options = options;
  }

  async judge({ socket }: IncomingMessage): Promise<Verdict> {
    const { endpoint, mode, callerOf, onAudited } = this.#options;
    const known = this.#callers.get(socket) ?? callerOf(socket);
    this.#callers.set(socket, known);
    const caller = await known;
    const flaw = metadataFlaw(endpoint, caller);
    const answered: Verdict["answered"] = (target, status, ownReason) => {
      const reason = flaw?.reason ?? ownReason;
      const asker = askerOf(caller);
      onAudited([endpoint, status, asker, target.split("?", 1)].join(" "), () => ({
        endpoint,
        target,
        status,
        asker,
        ...(reason !== undefined && { reason }),
      }));
    };
    return { refusal: mode === "Enforce" ? flaw : undefined, answered };
  }
}

/** Cut off where a task has made it long; what is not GET says so. */
export function shownTarget(method: string, target: string): string {
  const shown = target.length > TARGET_SHOWN_MAX ? `${target.slice(0, TARGET_SHOWN_MAX)}…` : target;
  return method === "GET" ? shown : `${method} ${shown}`;
}

function askerOf({ user, program }: MetadataCaller): string {
  return `${user?.name ?? "nobody known"} by ${program ?? "a program not known"}`;
}
