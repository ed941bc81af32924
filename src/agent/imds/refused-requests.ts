/**
 * Tells the service which requests this agent's metadata endpoints have refused, so that the audit log has them. What a task can
 * make up is bounded: for each node a few lines a minute, and a number for all the rest.
 */
import { RepeatedEvents } from "../../core/audit/repeated-events.ts";
import type { FromAgent, RefusedRequest } from "../../wire/agent/messages.ts";

export type Refused = Omit<RefusedRequest, "nodeKey" | "times">;

const WINDOW_MS = 60_000;
const KINDS_MAX = 32;
/** Told once the service is there again. */
const UNTOLD_MAX = 500;

export class RefusedRequests {
  readonly #send: (message: FromAgent) => boolean;
  readonly #nodes = new Map<string, RepeatedEvents<Refused>>();
  readonly #untold: RefusedRequest[] = [];

  /** @param send false while there is no service */
  constructor(send: (message: FromAgent) => boolean) {
    this.#send = send;
  }

  /** @param make called where it is not just counted */
  note(nodeKey: string, kind: string, make: () => Refused): void {
    let events = this.#nodes.get(nodeKey);
    if (events === undefined) {
      events = new RepeatedEvents<Refused>({
        windowMs: WINDOW_MS,
        kindsMax: KINDS_MAX,
        tell: (refused, times, isMixed) =>
          this.#tell({ nodeKey, ...refused, times, ...(isMixed && { target: "various" }) }),
        later: (callback, ms) => void setTimeout(callback, ms).unref(),
      });
      this.#nodes.set(nodeKey, events);
    }
    events.note(kind, make);
  }

  /** The node goes. */
  close(nodeKey: string): void {
    this.#nodes.get(nodeKey)?.close();
    this.#nodes.delete(nodeKey);
  }

  /** For the first messages of a connection. */
  takeUntold(): FromAgent[] {
    return this.#untold.splice(0).map((request) => ({ t: "metadata.refused", request }));
  }

  #tell(request: RefusedRequest): void {
    if (this.#send({ t: "metadata.refused", request })) return;
    if (this.#untold.length < UNTOLD_MAX) this.#untold.push(request);
  }
}
