/**
 * Verifies access tokens for the planes that take them. Signature and shape are checked once per token and remembered; time,
 * audience and tenant, which depend on the moment and on who asks, every time.
 */
import { hash, verify } from "node:crypto";
import { accessTokenIssuer } from "../../core/token/access-token-claims.ts";
import { BACKDATED_SECONDS } from "./access-token.ts";
import { signInInstantOf } from "./sign-in-instant.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** Whom a verified token speaks for. */
export interface TokenPrincipal {
  readonly tenantId: string;
  /** The service principal's or user's object id: whom roles are assigned to. */
  readonly objectId: string;
  /** The application the token was issued to. */
  readonly appId: string;
  readonly kind: "ServicePrincipal" | "User";
  /** Delegated permissions; empty for an application acting as itself. */
  readonly scopes: readonly string[];
  /** Values of the resource's app roles. */
  readonly roles: readonly string[];
  /** When the user signed in, or the token was issued, in epoch milliseconds. */
  readonly authAt: number;
}

export interface TokenExpectation {
  /** Compared letter by letter, slashes included. */
  readonly audiences: readonly string[];
  /** Only this tenant's tokens; absent accepts any tenant of this installation. */
  readonly tenantId?: string | undefined;
}

export type TokenRefusal =
  | { readonly reason: "malformed" | "badSignature" }
  | { readonly reason: "expired" | "notYetValid" /** Epoch seconds. */; readonly at: number }
  | { readonly reason: "wrongAudience"; readonly audience: string }
  | { readonly reason: "foreignTenant"; readonly tenantId: string };

export type TokenVerdict =
  | { readonly ok: true; readonly principal: TokenPrincipal }
  | ({ readonly ok: false } & TokenRefusal);

export interface AccessTokenVerifier {
  verify(token: string, expected: TokenExpectation): TokenVerdict;
}

/** Our own clock issued the token; this covers servers that share one database. */
const CLOCK_SKEW_SECONDS = 5;
const MAX_REMEMBERED = 32_768;
/** Longer than any token of ours. */
const MAX_TOKEN_LENGTH = 16_384;

interface VerifiedToken {
  readonly header: string;
  readonly audience: string;
  readonly issuer: string;
  readonly version: 1 | 2;
  readonly notBefore: number;
  readonly expiresAt: number;
  readonly principal: TokenPrincipal;
}

export function accessTokenVerifier(keys: SigningKeys, clock: () => number): AccessTokenVerifier {
  const remembered = new Map<string, VerifiedToken>();

  /** Keyed by digest: shorter than the tokens, and no heap dump holds what could be used again. */
  function authentic(token: string): VerifiedToken | TokenRefusal {
    if (token.length > MAX_TOKEN_LENGTH) return { reason: "malformed" };
    const digest = hash("sha256", token, "base64");
    const known = remembered.get(digest);
    // What a key signed is worth as much as the key: when it is gone, so is the memory.
    if (known !== undefined && keys.byHeader.has(known.header)) return known;
    const verified = verifySignature(keys, token);
    if ("reason" in verified) return verified;
    const oldest = remembered.keys().next();
    if (remembered.size >= MAX_REMEMBERED && !oldest.done) remembered.delete(oldest.value);
    remembered.set(digest, verified);
    return verified;
  }

  return {
    verify(token, { audiences, tenantId }) {
      const found = authentic(token);
      if ("reason" in found) return { ok: false, ...found };
      const { principal, audience, expiresAt, notBefore } = found;
      const now = clock() / 1000;
      if (now >= expiresAt + CLOCK_SKEW_SECONDS) return { ok: false, reason: "expired", at: expiresAt };
      if (now < notBefore - CLOCK_SKEW_SECONDS) return { ok: false, reason: "notYetValid", at: notBefore };
      if (!audiences.includes(audience)) return { ok: false, reason: "wrongAudience", audience };
      const isForeign = tenantId !== undefined && tenantId !== principal.tenantId;
      if (isForeign || !isIssuer(found, principal.tenantId)) {
        return { ok: false, reason: "foreignTenant", tenantId: principal.tenantId };
      }
      return { ok: true, principal };
    },
  };
}

/** Of version 2, by whatever name of ours it was asked for: the signature is this service's in any case. */
function isIssuer({ issuer, version }: VerifiedToken, tenantId: string): boolean {
  if (version === 1) return issuer === accessTokenIssuer(tenantId);
  return issuer.startsWith("https://") && (issuer.endsWith(`/${tenantId}/v2.0`) || issuer.endsWith("/adfs"));
}

const JWT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/** The header must be, byte for byte, one that we write: no other algorithm, no `none`, no key that a token brings along. */
function verifySignature(keys: SigningKeys, token: string): VerifiedToken | TokenRefusal {
  const [, header, payload, signature] = JWT.exec(token) ?? [];
  if (header === undefined || payload === undefined || signature === undefined)
    return { reason: "malformed" };
  const key = keys.byHeader.get(header);
  const signed = Buffer.from(`${header}.${payload}`);
  if (key === undefined || !verify("sha256", signed, key, Buffer.from(signature, "base64url"))) {
    return { reason: "badSignature" };
  }
  return claimsOf(header, payload) ?? { reason: "malformed" };
}

function claimsOf(header: string, payload: string): VerifiedToken | undefined {
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Record<string, unknown>;
  const { aud, iss, nbf, exp, tid, oid, sub, scp, roles, aio } = claims;
  const appid = claims.appid ?? claims.azp;
  const isAccessToken =
    typeof aud === "string" &&
    typeof iss === "string" &&
    typeof nbf === "number" &&
    typeof exp === "number" &&
    typeof tid === "string" &&
    typeof oid === "string" &&
    typeof appid === "string";
  // The same key signs id tokens too, which name no client and open nothing.
  if (!isAccessToken) return undefined;
  return {
    header,
    audience: aud,
    issuer: iss,
    version: claims.ver === "2.0" ? 2 : 1,
    notBefore: nbf,
    expiresAt: exp,
    principal: {
      tenantId: tid,
      objectId: oid,
      appId: appid,
      // A user's name differs from resource to resource.
      kind: sub === oid ? "ServicePrincipal" : "User",
      scopes: typeof scp === "string" && scp !== "" ? scp.split(" ") : [],
      roles: Array.isArray(roles) ? roles.filter((role) => typeof role === "string") : [],
      authAt: signInInstantOf(aio) ?? (nbf + BACKDATED_SECONDS) * 1000,
    },
  };
}
