/** The secrets by which agents are known. They are kept in memory alone: each start of the service makes new ones. */
import { createHash, randomBytes } from "node:crypto";

export class AgentTokens {
  readonly #tokens = new Map<string, string>();
  /** By the token's digest: looking one up tells nobody how near another token came. */
  readonly #agentIds = new Map<string, string>();

  /** 256 random bits, base64url; the same until it is revoked. */
  tokenOf(agentId: string): string {
    const known = this.#tokens.get(agentId);
    if (known !== undefined) return known;
    const token = randomBytes(32).toString("base64url");
    this.#tokens.set(agentId, token);
    this.#agentIds.set(digestOf(token), agentId);
    return token;
  }

  revoke(agentId: string): void {
    const token = this.#tokens.get(agentId);
    if (token === undefined) return;
    this.#tokens.delete(agentId);
    this.#agentIds.delete(digestOf(token));
  }

  agentOf(token: string): string | undefined {
    return this.#agentIds.get(digestOf(token));
  }
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
