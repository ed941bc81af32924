/**
 * The tokens of one node's identities: asked of the service once, then the same until they near their end. Only what the
 * service has issued to this node is kept here, and it goes with the node.
 *
 * A kept token is asked about again after a minute, and at once where the service says that something has changed: an identity
 * that was deleted or disabled gets no more tokens here either, and a token ends by the service's clock, wherever that was set.
 */
import type { FromAgent, IdentityToken, ToAgent } from "../../wire/agent/messages.ts";
import type { TokenAsk } from "./metadata-request.ts";

export interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly description: string;
}

export type TokenAnswer = { readonly token: IdentityToken } | { readonly refusal: Refusal };

/** `held`: the token that was asked about is still good, for so many seconds. */
export type ServiceAnswer = TokenAnswer | { readonly held: number };

type Reply = Extract<ToAgent, { t: "identity.token" | "identity.held" | "identity.refused" }>;

/** How long the service may take. Milliseconds. */
const REPLY_MS = 10_000;
/** A token with less left is replaced. Seconds. */
const NEAR_END_SECONDS = 300;
/** How long a kept token is given away without asking. Milliseconds; the guide "Managed identities in tasks" tells it. */
export const RECHECK_MS = 60_000;
/** Resources are the task's own words: more than a few of them is a flood. */
const KEPT_MAX = 100;
/** Asks of one node that wait for the service. */
const WAITING_MAX = 50;
/** Asks of one node that the service is bothered with in a second; Azure allows twenty of all requests for tokens. */
const ASKED_PER_SECOND = 20;
const ASKED_AT_ONCE = 100;

const UNREACHED: Refusal = {
  status: 500,
  error: "server_error",
  description: "The service does not answer just now.",
};
const TOO_MANY: Refusal = {
  status: 429,
  error: "too_many_requests",
  description: "Too many tokens are being asked for; try again after a second.",
};

/** The agent's questions that wait for their answers, of all its nodes. */
export class IdentityAsks {
  readonly #send: (message: FromAgent) => boolean;
  readonly #waiting = new Map<number, (answer: ServiceAnswer) => void>();
  #lastId = 0;

  /** @param send false while there is no service */
  constructor(send: (message: FromAgent) => boolean) {
    this.#send = send;
  }

  ask(nodeKey: string, { resource, identity }: TokenAsk, held?: IdentityToken): Promise<ServiceAnswer> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const timeout = setTimeout(() => this.#answer(id, { refusal: UNREACHED }), REPLY_MS);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timeout);
        resolve(answer);
      });
      const isSent = this.#send({
        t: "identity.ask",
        id,
        nodeKey,
        resource,
        ...(identity && { identity }),
        ...(held && {
          held: { clientId: held.clientId, notBefore: held.notBefore, expiresOn: held.expiresOn },
        }),
      });
      if (!isSent) this.#answer(id, { refusal: UNREACHED });
    });
  }

  receive(reply: Reply): void {
    switch (reply.t) {
      case "identity.token":
        this.#answer(reply.id, { token: reply.token });
        break;
      case "identity.held":
        this.#answer(reply.id, { held: reply.lifetime });
        break;
      case "identity.refused": {
        const { status, error, description } = reply;
        this.#answer(reply.id, { refusal: { status, error, description } });
      }
    }
  }

  /** The service is gone, and with it the answers. */
  cancelAll(): void {
    for (const id of [...this.#waiting.keys()]) this.#answer(id, { refusal: UNREACHED });
  }

  #answer(id: number, answer: ServiceAnswer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}

/** Times are milliseconds of the clock that nobody sets. */
interface Kept {
  readonly token: IdentityToken;
  /** When it nears its end. */
  readonly until: number;
  /** When it was last known to be good; asked about again after `RECHECK_MS`. */
  readonly checkedAt: number;
}

export class IdentityTokens {
  readonly #ask: (ask: TokenAsk, held?: IdentityToken) => Promise<ServiceAnswer>;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  /** Several tasks that want the same at once ask once. */
  readonly #coming = new Map<string, Promise<TokenAnswer>>();
  #allowance = ASKED_AT_ONCE;
  #allowanceAt: number;

  /** @param now milliseconds of a monotonic clock */
  constructor(
    ask: (ask: TokenAsk, held?: IdentityToken) => Promise<ServiceAnswer>,
    now: () => number = () => performance.now(),
  ) {
    this.#ask = ask;
    this.#now = now;
    this.#allowanceAt = now();
  }

  /** What was kept is asked about before it is given away again. */
  recheck(): void {
    for (const [key, kept] of this.#kept)
      this.#kept.set(key, { ...kept, checkedAt: Number.NEGATIVE_INFINITY });
  }

  async token(ask: TokenAsk): Promise<TokenAnswer> {
    const key = JSON.stringify([ask.identity?.by, ask.identity?.value.toLowerCase(), ask.resource]);
    const now = this.#now();
    const kept = ask.isFresh ? undefined : this.#kept.get(key);
    const left = kept === undefined ? 0 : Math.floor((kept.until - now) / 1_000);
    const isGood = kept !== undefined && left > 0;
    if (isGood && now - kept.checkedAt < RECHECK_MS) return withLifetime(kept.token, left);
    const comingKey = `${ask.isFresh} ${key}`;
    const coming = this.#coming.get(comingKey);
    if (coming) return coming;
    // Asking about a kept one is the service's wish, not the task's.
    const isTooMuch = this.#coming.size >= WAITING_MAX || !(isGood || this.#isAllowed(now));
    if (isTooMuch) return { refusal: TOO_MANY };
    const answer = this.#learn(key, ask, isGood ? kept : undefined).finally(() =>
      this.#coming.delete(comingKey),
    );
    this.#coming.set(comingKey, answer);
    return answer;
  }

  async #learn(key: string, ask: TokenAsk, kept: Kept | undefined): Promise<TokenAnswer> {
    const answer = await this.#ask(ask, kept?.token);
    const now = this.#now();
    if ("held" in answer) {
      if (kept === undefined) return { refusal: UNREACHED };
      const left = answer.held - NEAR_END_SECONDS;
      this.#kept.set(key, { token: kept.token, until: now + left * 1_000, checkedAt: now });
      return withLifetime(kept.token, left);
    }
    if ("token" in answer) {
      this.#keep(key, answer.token, now);
      return answer;
    }
    // Nobody can say that it is not good any more; Azure's own endpoint goes on as well.
    if (kept && answer.refusal.status === UNREACHED.status)
      return withLifetime(kept.token, Math.floor((kept.until - now) / 1_000));
    this.#kept.delete(key);
    return answer;
  }

  #keep(key: string, token: IdentityToken, now: number): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    const until = now + (token.lifetime - NEAR_END_SECONDS) * 1_000;
    this.#kept.set(key, { token, until, checkedAt: now });
  }

  /** A bucket: so many requests at once, then so many a second. */
  #isAllowed(now: number): boolean {
    const grown = ((now - this.#allowanceAt) / 1_000) * ASKED_PER_SECOND;
    this.#allowance = Math.min(ASKED_AT_ONCE, this.#allowance + grown);
    this.#allowanceAt = now;
    if (this.#allowance < 1) return false;
    this.#allowance--;
    return true;
  }
}

/** @param left seconds until it nears its end */
function withLifetime(token: IdentityToken, left: number): TokenAnswer {
  return { token: { ...token, lifetime: left + NEAR_END_SECONDS } };
}
