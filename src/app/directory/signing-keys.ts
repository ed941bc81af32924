/**
 * The keys that sign tokens: made at first start, stored sealed, and rolled over. Each is published a day before it signs, so
 * that whoever keeps the key document for a day knows it by then, and until the last token that it signed has expired.
 *
 *   published ──active_from──▶ signing ──successor's active_from──▶ published ──a day and an hour──▶ gone
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";
import { promisify } from "node:util";
import { signingCertificate } from "../../core/x509/signing-certificate.ts";
import {
  type SigningKeyRow,
  signingKeyDelete,
  signingKeyInsert,
  signingKeysAll,
} from "../../store/directory.ts";
import type { Store } from "../../store/engine/store.ts";
import type { Sealing } from "../secrets/sealing.ts";

/** As the key document publishes it (RFC 7517). */
export interface PublicJwk {
  readonly kty: "RSA";
  readonly use: "sig";
  readonly kid: string;
  /** The certificate's SHA-1, and the key's name. Absent where an older program made the key, as the certificate is. */
  readonly x5t?: string;
  readonly n: string;
  readonly e: string;
  readonly x5c?: readonly [string];
}

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** The first part of tokens of version 1, which names the certificate as well; base64url. */
  readonly header1: string;
  /** Of version 2. */
  readonly header2: string;
}

interface KnownKey extends SigningKey {
  /** Epoch milliseconds. */
  readonly activeFrom: number;
  readonly publicKey: KeyObject;
  readonly jwk: PublicJwk;
}

const MODULUS_BITS = 2048;
const DAY_MS = 86_400_000;
/** "Signing key rollover in the Microsoft identity platform": every few weeks, announced ahead. */
const ROLL_AFTER_MS = 42 * DAY_MS;
const PUBLISHED_AHEAD_MS = DAY_MS;
/** The longest life of an access token, and an hour for clocks that are off. */
const PUBLISHED_AFTER_MS = DAY_MS + 3_600_000;

const sealPurpose = (kid: string): string => `signing_key/${kid}`;

export class SigningKeys {
  readonly #store: Store;
  readonly #sealing: Sealing;
  readonly #clock: () => number;
  /** Oldest first. */
  #keys: readonly KnownKey[] = [];
  #byHeader: ReadonlyMap<string, KeyObject> = new Map();

  constructor(store: Store, sealing: Sealing, clock: () => number) {
    this.#store = store;
    this.#sealing = sealing;
    this.#clock = clock;
  }

  /** The newest whose time has come. */
  get active(): SigningKey {
    const now = this.#clock();
    const key = this.#keys.findLast(({ activeFrom }) => activeFrom <= now) ?? this.#keys[0];
    if (key === undefined) throw new Error("there is no signing key");
    return key;
  }

  /** By the encoded header of the tokens that the key signed. */
  get byHeader(): ReadonlyMap<string, KeyObject> {
    return this.#byHeader;
  }

  get published(): readonly PublicJwk[] {
    return this.#keys.map(({ jwk }) => jwk);
  }

  /**
   * Makes the next key when its day is near, and drops those whose tokens have all expired. Idempotent; run from time to time.
   * @throws SealBroken when the keys were sealed by another installation
   */
  async roll(): Promise<void> {
    const now = this.#clock();
    const rows = await this.#rows();
    const newest = rows.at(-1);
    if (newest === undefined || now >= newest.active_from + ROLL_AFTER_MS - PUBLISHED_AHEAD_MS) {
      const activeFrom =
        newest === undefined ? now : Math.max(newest.active_from + ROLL_AFTER_MS, now + PUBLISHED_AHEAD_MS);
      await this.#add(await makeSigningKey(this.#sealing, now, activeFrom), newest);
    }
    for (const [index, { kid }] of rows.entries()) {
      const successor = rows[index + 1];
      if (successor === undefined || now < successor.active_from + PUBLISHED_AFTER_MS) continue;
      await this.#store.write((c) => signingKeyDelete.run(c, { kid }));
    }
    await this.#load();
  }

  /** Of two that roll at once the second finds the first one's key, and its own is never used. */
  async #add(made: SigningKeyRow, after: SigningKeyRow | undefined): Promise<void> {
    await this.#store.write(async (c) => {
      const newest = (await signingKeysAll.all(c, {})).sort(byActivation).at(-1);
      if (newest?.kid === after?.kid) await signingKeyInsert.run(c, made);
    });
  }

  async #load(): Promise<void> {
    const known = new Map(this.#keys.map((key) => [key.kid, key]));
    this.#keys = (await this.#rows()).map((row) => known.get(row.kid) ?? this.#open(row));
    this.#byHeader = new Map(
      this.#keys.flatMap(({ header1, header2, publicKey }) => [
        [header1, publicKey],
        [header2, publicKey],
      ]),
    );
  }

  #open({ kid, public_jwk, sealed_key, active_from }: SigningKeyRow): KnownKey {
    const jwk = JSON.parse(public_jwk) as PublicJwk;
    const key = this.#sealing.unseal(sealed_key, sealPurpose(kid));
    return {
      kid,
      jwk,
      activeFrom: active_from,
      header1: encodedHeader({ ...(jwk.x5t !== undefined && { x5t: jwk.x5t }), kid }),
      header2: encodedHeader({ kid }),
      privateKey: createPrivateKey({ key, format: "der", type: "pkcs8" }),
      publicKey: createPublicKey({ key: { kty: jwk.kty, n: jwk.n, e: jwk.e }, format: "jwk" }),
    };
  }

  async #rows(): Promise<SigningKeyRow[]> {
    return (await signingKeysAll.all(this.#store.read, {})).sort(byActivation);
  }
}

/** @throws SealBroken when the keys were sealed by another installation */
export async function openSigningKeys(
  store: Store,
  sealing: Sealing,
  clock: () => number,
): Promise<SigningKeys> {
  const keys = new SigningKeys(store, sealing, clock);
  await keys.roll();
  return keys;
}

const byActivation = (a: SigningKeyRow, b: SigningKeyRow): number =>
  a.active_from - b.active_from || a.created_at - b.created_at;

function encodedHeader(names: object): string {
  return Buffer.from(JSON.stringify({ typ: "JWT", alg: "RS256", ...names })).toString("base64url");
}

const CERTIFICATE_YEARS = 5;

async function makeSigningKey(sealing: Sealing, now: number, activeFrom: number): Promise<SigningKeyRow> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("rsa", { modulusLength: MODULUS_BITS });
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const certificate = signingCertificate(
    {
      commonName: "Batchyard token signing",
      publicKey: publicKey.export({ type: "spki", format: "der" }),
      serial,
      notBefore: now - DAY_MS,
      notAfter: now + CERTIFICATE_YEARS * 365 * DAY_MS,
    },
    (bytes) => sign("sha256", bytes, privateKey),
  );
  // The key's name is its certificate's thumbprint (RFC 7517 section 4.8).
  const kid = createHash("sha1").update(certificate).digest("base64url");
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const jwk: PublicJwk = {
    kty: "RSA",
    use: "sig",
    kid,
    x5t: kid,
    n,
    e,
    x5c: [certificate.toString("base64")],
  };
  return {
    kid,
    created_at: now,
    sealed_key: sealing.seal(privateKey.export({ type: "pkcs8", format: "der" }), sealPurpose(kid)),
    public_jwk: JSON.stringify(jwk),
    state: "active",
    active_from: activeFrom,
  };
}
