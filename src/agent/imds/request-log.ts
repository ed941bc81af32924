/**
 * Tells the service of requests to this agent's metadata endpoints, so that the audit log has them: those that were refused, and on
 * nodes with the metadata security protocol all. What a task can make up is bounded: for each node a few lines in ten minutes, and a
 * number for all the rest.
 */
import { RepeatedEvents } from "../../core/audit/repeated-events.ts";
import type { AuditedRequest, FromAgent, RefusedRequest, RunId } from "../../wire/agent/messages.ts";

export type Refused = Omit<RefusedRequest, "nodeKey" | "times" | "run">;
export type Audited = Omit<AuditedRequest, "nodeKey" | "times" | "run">;

interface Requests {
  readonly "metadata.refused": RefusedRequest;
  readonly "metadata.audited": AuditedRequest;
}
type Kind = keyof Requests;
type Told<K extends Kind> = Omit<Requests[K], "times">;

const WINDOW_MS = 600_000;
const KINDS_MAX = 32;
/** Told once the service is there again. */
const UNTOLD_MAX = 500;

export class RequestLog {
  readonly #send: (message: FromAgent) => boolean;
  readonly #runsOn: (nodeKey: string) => readonly RunId[];
  readonly #nodes = new Map<string, Map<Kind, RepeatedEvents<Told<Kind>>>>();
  readonly #untold: FromAgent[] = [];

  /**
   * @param send false while there is no service
   * @param runsOn what runs on a node: one of these has asked
   */
  constructor(send: (message: FromAgent) => boolean, runsOn: (nodeKey: string) => readonly RunId[]) {
    this.#send = send;
    this.#runsOn = runsOn;
  }

  /** One that was refused. @param make called where it is not just counted */
  refused(nodeKey: string, kind: string, make: () => Refused): void {
    this.#note("metadata.refused", nodeKey, kind, make);
  }

  /** One that was judged, whatever came of it. @param make called where it is not just counted */
  audited(nodeKey: string, kind: string, make: () => Audited): void {
    this.#note("metadata.audited", nodeKey, kind, make);
  }

  /** The node goes. */
  close(nodeKey: string): void {
    for (const events of this.#nodes.get(nodeKey)?.values() ?? []) events.close();
    this.#nodes.delete(nodeKey);
  }

  /** For the first messages of a connection. */
  takeUntold(): FromAgent[] {
    return this.#untold.splice(0);
  }

  #note(t: Kind, nodeKey: string, kind: string, make: () => Refused | Audited): void {
    // Another task that does the same is another kind.
    const runs = this.#runsOn(nodeKey);
    const [only, ...others] = runs;
    this.#events(t, nodeKey).note(`${runs.join(" ")} ${kind}`, () => ({
      ...({ nodeKey, ...make() } as Told<Kind>),
      ...(only !== undefined && others.length === 0 && { run: only }),
    }));
  }

  #events(t: Kind, nodeKey: string): RepeatedEvents<Told<Kind>> {
    const ofNode = this.#nodes.get(nodeKey) ?? new Map<Kind, RepeatedEvents<Told<Kind>>>();
    this.#nodes.set(nodeKey, ofNode);
    const known = ofNode.get(t);
    if (known) return known;
    const events = new RepeatedEvents<Told<Kind>>({
      windowMs: WINDOW_MS,
      kindsMax: KINDS_MAX,
      tell: (told, times, isMixed) => {
        const { run, ...others } = told;
        // Of many kinds nobody is the one who asked.
        const request = isMixed
          ? { ...others, times, target: "various", ...("asker" in others && { asker: "various" }) }
          : { ...told, times };
        this.#tell({ t, request } as FromAgent);
      },
      later: (callback, ms) => void setTimeout(callback, ms).unref(),
    });
    ofNode.set(t, events);
    return events;
  }

  #tell(message: FromAgent): void {
    if (this.#send(message)) return;
    if (this.#untold.length < UNTOLD_MAX) this.#untold.push(message);
  }
}
