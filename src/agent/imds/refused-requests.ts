/**
 * Tells the service which requests this agent's metadata endpoints have refused, so that the audit log has them. What a task can
 * make up is bounded: for each node a few lines in ten minutes, and a number for all the rest.
 */
import { RepeatedEvents } from "../../core/audit/repeated-events.ts";
import type { FromAgent, RefusedRequest, RunId } from "../../wire/agent/messages.ts";

export type Refused = Omit<RefusedRequest, "nodeKey" | "times" | "run">;

const WINDOW_MS = 600_000;
const KINDS_MAX = 32;
/** Told once the service is there again. */
const UNTOLD_MAX = 500;

export class RefusedRequests {
  readonly #send: (message: FromAgent) => boolean;
  readonly #runsOn: (nodeKey: string) => readonly RunId[];
  readonly #nodes = new Map<string, RepeatedEvents<Omit<RefusedRequest, "times">>>();
  readonly #untold: RefusedRequest[] = [];

  /**
   * @param send false while there is no service
   * @param runsOn what runs on a node: one of these has asked
   */
  constructor(send: (message: FromAgent) => boolean, runsOn: (nodeKey: string) => readonly RunId[]) {
    this.#send = send;
    this.#runsOn = runsOn;
  }

  /** @param make called where it is not just counted */
  note(nodeKey: string, kind: string, make: () => Refused): void {
    let events = this.#nodes.get(nodeKey);
    if (events === undefined) {
      events = new RepeatedEvents({
        windowMs: WINDOW_MS,
        kindsMax: KINDS_MAX,
        tell: (refused, times, isMixed) =>
          this.#tell({ ...refused, times, ...(isMixed && { target: "various" }) }),
        later: (callback, ms) => void setTimeout(callback, ms).unref(),
      });
      this.#nodes.set(nodeKey, events);
    }
    // Another task that does the same is another kind.
    const runs = this.#runsOn(nodeKey);
    const [only, ...others] = runs;
    events.note(`${runs.join(" ")} ${kind}`, () => ({
      nodeKey,
      ...make(),
      ...(only !== undefined && others.length === 0 && { run: only }),
    }));
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
