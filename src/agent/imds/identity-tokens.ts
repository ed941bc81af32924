/**
 * The tokens of one node's identities: asked of the service once, then the same until they near their end. Only what the
 * service has issued to this node is kept here, and it goes with the node.
 */
import type { FromAgent, IdentityToken, ToAgent } from "../../wire/agent/messages.ts";
import type { TokenAsk } from "./metadata-request.ts";

export interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly description: string;
}

export type TokenAnswer = { readonly token: IdentityToken } | { readonly refusal: Refusal };

type Reply = Extract<ToAgent, { t: "identity.token" | "identity.refused" }>;

/** How long the service may take. Milliseconds. */
const REPLY_MS = 10_000;
/** A token with less left is replaced. Seconds. */
const NEAR_END_SECONDS = 300;
/** Resources are the task's own words: more than a few of them is a flood. */
const KEPT_MAX = 100;
/** Asks of one node that wait for the service. */
const WAITING_MAX = 50;

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
  readonly #send: (message: FromAgent) => void;
  readonly #waiting = new Map<number, (answer: TokenAnswer) => void>();
  #lastId = 0;

  /** @param send loses the message while there is no service */
  constructor(send: (message: FromAgent) => void) {
    this.#send = send;
  }

  ask(nodeKey: string, { resource, identity }: TokenAsk): Promise<TokenAnswer> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const timeout = setTimeout(() => this.#answer(id, { refusal: UNREACHED }), REPLY_MS);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timeout);
        resolve(answer);
      });
      this.#send({ t: "identity.ask", id, nodeKey, resource, ...(identity && { identity }) });
    });
  }

  receive(reply: Reply): void {
    if (reply.t === "identity.token") this.#answer(reply.id, { token: reply.token });
    else {
      const { status, error, description } = reply;
      this.#answer(reply.id, { refusal: { status, error, description } });
    }
  }

  /** The service is gone, and with it the answers. */
  cancelAll(): void {
    for (const id of [...this.#waiting.keys()]) this.#answer(id, { refusal: UNREACHED });
  }

  #answer(id: number, answer: TokenAnswer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}

interface Kept {
  readonly token: IdentityToken;
  /** When it nears its end, by the clock that nobody sets. Milliseconds. */
  readonly until: number;
}

export class IdentityTokens {
  readonly #ask: (ask: TokenAsk) => Promise<TokenAnswer>;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  /** Several tasks that want the same at once ask once. */
  readonly #coming = new Map<string, Promise<TokenAnswer>>();

  /** @param now milliseconds of a monotonic clock */
  constructor(ask: (ask: TokenAsk) => Promise<TokenAnswer>, now: () => number = () => performance.now()) {
    this.#ask = ask;
    this.#now = now;
  }

  async token(ask: TokenAsk): Promise<TokenAnswer> {
    const key = JSON.stringify([ask.identity?.by, ask.identity?.value.toLowerCase(), ask.resource]);
    const kept = this.#kept.get(key);
    const left = kept === undefined ? 0 : Math.floor((kept.until - this.#now()) / 1_000);
    if (kept && !ask.isFresh && left > 0)
      return { token: { ...kept.token, lifetime: left + NEAR_END_SECONDS } };
    const coming = this.#coming.get(key);
    if (coming) return coming;
    if (this.#coming.size >= WAITING_MAX) return { refusal: TOO_MANY };
    const answer = this.#ask(ask).finally(() => this.#coming.delete(key));
    this.#coming.set(key, answer);
    const told = await answer;
    if ("token" in told) this.#keep(key, told.token);
    return told;
  }

  #keep(key: string, token: IdentityToken): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    const until = this.#now() + (token.lifetime - NEAR_END_SECONDS) * 1_000;
    this.#kept.set(key, { token, until });
  }
}
