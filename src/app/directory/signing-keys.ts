/**
 * The keys that sign tokens: made at first start, stored sealed, several at a time so that one can follow another while
 * tokens of both are out. Owns the JWT header that goes with each key.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { type SigningKeyRow, signingKeyInsert, signingKeysAll } from "../../store/directory.ts";
import type { Store } from "../../store/store.ts";
import type { Sealing } from "./sealing.ts";

/** As the key document publishes it (RFC 7517). */
export interface PublicJwk {
  readonly kty: "RSA";
  readonly use: "sig";
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

export interface SigningKeys {
  readonly active: SigningKey;
  /** By the encoded header of the tokens that the key signed. */
  readonly byHeader: ReadonlyMap<string, KeyObject>;
  readonly published: readonly PublicJwk[];
}

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** The token's first part, base64url. */
  readonly header: string;
}

const MODULUS_BITS = 2048;
const sealPurpose = (kid: string): string => `signing_key/${kid}`;

/** @throws SealBroken when the keys were sealed by another installation */
export async function openSigningKeys(
  store: Store,
  sealing: Sealing,
  clock: () => number,
): Promise<SigningKeys> {
  let rows = await signingKeysAll.all(store.read, {});
  if (!rows.some(isActive)) {
    const made = await makeSigningKey(sealing, clock());
    // Of two starters at once the second finds the first one's key, and its own is never used.
    await store.write(async (c) => {
      if (!(await signingKeysAll.all(c, {})).some(isActive)) await signingKeyInsert.run(c, made);
    });
    rows = await signingKeysAll.all(store.read, {});
  }
  const active = rows.find(isActive);
  if (active === undefined) throw new Error("the signing key just written is not there");
  const published = rows.map((row) => JSON.parse(row.public_jwk) as PublicJwk);
  return {
    active: {
      kid: active.kid,
      header: encodedHeader(active.kid),
      privateKey: createPrivateKey({
        key: sealing.unseal(active.sealed_key, sealPurpose(active.kid)),
        format: "der",
        type: "pkcs8",
      }),
    },
    byHeader: new Map(
      published.map((jwk) => [encodedHeader(jwk.kid), createPublicKey({ key: { ...jwk }, format: "jwk" })]),
    ),
    published,
  };
}

const isActive = (row: SigningKeyRow): boolean => row.state === "active";

function encodedHeader(kid: string): string {
  return Buffer.from(JSON.stringify({ typ: "JWT", alg: "RS256", kid })).toString("base64url");
}

async function makeSigningKey(sealing: Sealing, now: number): Promise<SigningKeyRow> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("rsa", { modulusLength: MODULUS_BITS });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  // RFC 7638: the members in this order, and no others.
  const kid = createHash("sha256")
    .update(JSON.stringify({ e, kty: "RSA", n }))
    .digest("base64url");
  const jwk: PublicJwk = { kty: "RSA", use: "sig", kid, n, e };
  return {
    kid,
    created_at: now,
    sealed_key: sealing.seal(privateKey.export({ type: "pkcs8", format: "der" }), sealPurpose(kid)),
    public_jwk: JSON.stringify(jwk),
    state: "active",
    active_from: now,
  };
}
