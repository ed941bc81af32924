/** What the parts of sign-in work with: the directory's state, the keys, the passwords' queue, and the one clock. */
import type { JsonWebKey } from "node:crypto";
import type { AccessTokenVerifier } from "../directory/access-token-verify.ts";
import type { Directory } from "../directory/directory.ts";
import type { AssertionMemory } from "./assertion-memory.ts";
import type { PasswordCheck } from "./password-check.ts";

export interface SignIn {
  readonly directory: Directory;
  readonly tokens: AccessTokenVerifier;
  readonly passwords: PasswordCheck;
  readonly assertions: AssertionMemory;
  /** The public keys of another issuer, for federated assertions. */
  readonly issuerKeys: IssuerKeys;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** @returns JWKs; throws when they cannot be had */
export type IssuerKeys = (issuer: string) => Promise<readonly JsonWebKey[]>;

/** How a client's redirect URI is registered; `none` where there was none. */
export type Platform = "web" | "spa" | "publicClient" | "none";
