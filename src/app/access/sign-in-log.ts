/**
 * Tells the audit log who signed in, who was refused, and who consented. Whoever refuses is not asked how often it is tried: of each kind a minute
 * has two lines, the first at once and a number at its end, and kinds beyond some hundreds are told as one.
 */

import { randomUUID } from "node:crypto";
import { RepeatedEvents } from "../../core/audit/repeated-events.ts";
import type { AuditEntry, SignInDetails } from "../../wire/access/access-api.ts";

export interface SignInEvent extends SignInDetails {
  readonly tenantId: string;
  /** The object id of the user or service principal; null for one that cannot be told. */
  readonly principalId: string | null;
  readonly appId: string | null;
  readonly requestId: string;
  /** The request's path. */
  readonly target: string;
  /** The reply's HTTP status. */
  readonly status: number;
}

export interface ConsentEvent {
  readonly tenantId: string;
  readonly userId: string;
  /** The application that was consented to. */
  readonly appId: string;
  /** The service principal's. */
  readonly clientId: string;
  readonly requestId: string;
  readonly target: string;
}

const WINDOW_MS = 60_000;
const KINDS_MAX = 512;
/** A directory's decisions are made at its root. */
const SCOPE = "/";

export class SignInLog {
  readonly #append: (entry: AuditEntry) => void;
  readonly #clock: () => number;
  readonly #repeated: RepeatedEvents<AuditEntry>;

  /** @param append to the audit log */
  constructor(append: (entry: AuditEntry) => void, clock: () => number) {
    this.#append = append;
    this.#clock = clock;
    this.#repeated = new RepeatedEvents({
      windowMs: WINDOW_MS,
      kindsMax: KINDS_MAX,
      tell: (entry, times) => {
        const again = { ...entry, requestId: randomUUID(), time: this.#now() };
        append(times === 1 ? entry : { ...again, times });
      },
      later: (callback, ms) => void setTimeout(callback, ms).unref(),
    });
  }

  signedIn(event: SignInEvent): void {
    this.#repeated.note(kindOf(event), () => this.#entryOf(event));
  }

  #entryOf(event: SignInEvent): AuditEntry {
    const { tenantId, principalId, appId, requestId, target, status, ...details } = event;
    const known = details.kind === "servicePrincipal" ? "ServicePrincipal" : "User";
    return {
      time: this.#now(),
      requestId,
      caller: { tenantId, principalId, principalType: principalId === null ? "Unknown" : known, appId },
      plane: "entra",
      operation: "SignIn",
      scope: SCOPE,
      target,
      decision: details.errorCode === 0 ? "allowed" : "denied",
      status,
      signIn: details,
    };
  }

  consented({ tenantId, userId, appId, clientId, requestId, target }: ConsentEvent): void {
    this.#append({
      time: this.#now(),
      requestId,
      caller: { tenantId, principalId: userId, principalType: "User", appId },
      plane: "entra",
      operation: "Consent",
      scope: SCOPE,
      target: `${target} ${clientId}`,
      decision: "allowed",
      status: 200,
    });
  }

  /** Tells what has only been counted. */
  close(): void {
    this.#repeated.close();
  }

  #now(): string {
    return new Date(this.#clock()).toISOString();
  }
}

/** Made at each sign-in. What may be any text stands at the end, and no other part has a line's end in it. */
function kindOf(event: SignInEvent): string {
  const { kind, client, source, tenantId, principalId, appId, errorCode, failureReason, resource } = event;
  return `${kind} ${client} ${source} ${tenantId} ${principalId} ${appId} ${errorCode} ${failureReason}\n${resource}`;
}
