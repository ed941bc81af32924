/**
 * Client assertions (RFC 7523): a JWT instead of a secret, signed with the key of a registered certificate, or issued by another
 * issuer that the application trusts. Tolerant where the clients are odd: padded thumbprints, times with fractions or as text.
 */
import {
  constants,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  verify,
  X509Certificate,
} from "node:crypto";
import { Fault } from "../../core/fault.ts";
import type { Client, ClientCertificate, FederatedCredential } from "../directory/directory.ts";
import { aadsts } from "./aadsts.ts";
import type { AssertionMemory } from "./assertion-memory.ts";
import type { IssuerKeys } from "./sign-in.ts";

export interface AssertionExpectation {
  /** Whether an audience is this tenant's token endpoint, under any of its names. */
  readonly isTokenEndpoint: (audience: string) => boolean;
  readonly issuerKeys: IssuerKeys;
  readonly memory: AssertionMemory;
  /** Whether an issuer is this service, and the principal that its token is about may act no longer. */
  readonly isGone: (issuer: string, subject: string) => Promise<boolean>;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** RFC 7518 section 3.1; nothing symmetric, and not `none`. */
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const SIGNATURES = new Map<unknown, object>([
  ["RS256", {}],
  ["PS256", PSS],
]);

const CLOCK_SKEW_SECONDS = 300;
/** How far ahead an assertion may end. Ours: what clients make ends within minutes, an identity's token within a day. */
const LIFETIME_MAX_SECONDS = 86_400;
/** Longer than what any client makes. */
const MAX_ASSERTION_LENGTH = 16_384;

interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** @throws Fault 50027, 700021, 700023, 700024, 700027, 700030, 700211, 700212, 700213 */
export async function verifyClientAssertion(
  client: Client,
  assertion: string,
  expected: AssertionExpectation,
): Promise<void> {
  const jwt = decode(assertion);
  const issuer = text(jwt.claims.iss);
  if (issuer.toLowerCase() === client.appId) verifyOwn(client, jwt, assertion, expected);
  else await verifyFederated(client, jwt, issuer, expected);
}

function verifyOwn(
  client: Client,
  jwt: Jwt,
  assertion: string,
  { isTokenEndpoint, memory, now }: AssertionExpectation,
): void {
  const { header, claims } = jwt;
  if (text(claims.sub).toLowerCase() !== client.appId) throw aadsts(700021, { subject: text(claims.sub) });
  const certificate = certificateOf(client, header);
  checkSignature(jwt, new X509Certificate(Buffer.from(certificate.certificate, "base64")).publicKey);
  if (now < certificate.startAt || now >= certificate.endAt) throw aadsts(700030);
  const audiences = [claims.aud].flat().map(text);
  if (!audiences.some(isTokenEndpoint)) throw aadsts(700023, { audience: audiences.join(" ") });
  const until = checkTime(claims, now);
  const jti = text(claims.jti);
  const [, payload = ""] = assertion.split(".", 2);
  if (jti !== "" && !memory.accept(client.appId, `${jti} ${audiences.join(" ")}`, payload, until, now / 1000))
    throw aadsts(700027, { reason: "its jti is that of another assertion." });
}

function certificateOf(client: Client, header: Jwt["header"]): ClientCertificate {
  const sha1 = thumbprint(header.x5t);
  const sha256 = thumbprint(header["x5t#S256"]);
  // ADAL for .NET names the key by `kid`, in hexadecimal.
  const kid = typeof header.kid === "string" ? Buffer.from(header.kid, "hex").toString("base64url") : "";
  const found = client.certificates.find(
    ({ thumbprintSha1, thumbprintSha256 }) =>
      thumbprintSha1 === sha1 || thumbprintSha256 === sha256 || (kid !== "" && thumbprintSha1 === kid),
  );
  if (found === undefined)
    throw aadsts(700027, {
      reason: `no certificate of the application has the thumbprint '${sha256 || sha1 || kid}'.`,
    });
  return found;
}

/** base64 or base64url, with padding or without. */
function thumbprint(value: unknown): string {
  return typeof value === "string" ? Buffer.from(value, "base64").toString("base64url") : "";
}

async function verifyFederated(
  client: Client,
  jwt: Jwt,
  issuer: string,
  { issuerKeys, isGone, now }: AssertionExpectation,
): Promise<void> {
  const { claims, header } = jwt;
  requireFederated(client.federatedCredentials, issuer, text(claims.sub), [claims.aud].flat().map(text));
  let keys: readonly JsonWebKey[];
  try {
    keys = await issuerKeys(issuer);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw aadsts(700027, { reason: `the keys of the issuer '${issuer}' could not be fetched.` });
  }
  const key = issuerKey(keys, header.kid);
  if (key === undefined) throw aadsts(700027, { reason: "the issuer has no such RSA key." });
  checkSignature(jwt, key);
  checkTime(claims, now);
  if (await isGone(issuer, text(claims.sub)))
    throw aadsts(700027, { reason: "the identity that it was issued to is disabled or gone." });
}

/** What the issuer publishes is a peer's text: it may be no keys at all. @param kid may be left out where there is one key */
function issuerKey(keys: readonly unknown[], kid: unknown): KeyObject | undefined {
  const objects = keys.filter((each): each is JsonWebKey => typeof each === "object" && each !== null);
  const key = objects.find((each) => each.kid === kid) ?? (objects.length === 1 ? objects[0] : undefined);
  if (key?.kty !== "RSA") return undefined;
  try {
    return createPublicKey({ key, format: "jwk" });
  } catch {
    return undefined;
  }
}

function requireFederated(
  credentials: readonly FederatedCredential[],
  issuer: string,
  subject: string,
  audiences: readonly string[],
): void {
  const ofIssuer = credentials.filter((each) => each.issuer === issuer);
  if (ofIssuer.length === 0) throw aadsts(700211, { issuer });
  const ofSubject = ofIssuer.filter((each) => each.subject === subject);
  if (ofSubject.length === 0) throw aadsts(700213, { subject });
  if (!ofSubject.some((each) => audiences.includes(each.audience)))
    throw aadsts(700212, { audience: audiences.join(" ") });
}

function checkSignature({ header, signed, signature }: Jwt, key: KeyObject): void {
  const form = SIGNATURES.get(header.alg);
  if (form === undefined) throw aadsts(700027, { reason: "the algorithm must be RS256 or PS256." });
  if (!verify("sha256", signed, { key, ...form }, signature))
    throw aadsts(700027, { reason: "the signature does not belong to the key." });
}

/** @returns when it ends, in epoch seconds. @throws Fault 700024, also for a time that is none */
function checkTime({ iat, nbf, exp }: Jwt["claims"], now: number): number {
  const seconds = now / 1000;
  const [from, issued, until] = [time(nbf, 0), time(iat, 0), time(exp, 0)];
  const latestStart = seconds + CLOCK_SKEW_SECONDS;
  const hasBegun = from <= latestStart && issued <= latestStart;
  // Said so that it does not hold for what is no time.
  const endsSoon = until > seconds - CLOCK_SKEW_SECONDS && until <= latestStart + LIFETIME_MAX_SECONDS;
  if (hasBegun && endsSoon) return until;
  // A date that JavaScript cannot write stands for the last one it can.
  const say = (at: number) => new Date(Math.max(-8e12, Math.min(at || 0, 8e12)) * 1000).toISOString();
  throw aadsts(700024, { now: say(seconds), from: say(Math.max(from, issued)), until: say(until) });
}

const DECIMAL = /^\d{1,15}(\.\d{1,9})?$/;

/**
 * RFC 7519 section 2 has a time as a number; some clients write fractions of a second, and MSAL for .NET writes text.
 * @returns NaN, which no comparison holds for, where it is neither
 */
function time(value: unknown, absent: number): number {
  if (value === undefined) return absent;
  if (typeof value === "number") return value;
  return typeof value === "string" && DECIMAL.test(value) ? Number(value) : Number.NaN;
}

function decode(assertion: string): Jwt {
  const [header = "", payload = "", signature = "", ...more] = assertion.split(".");
  const parameter = "client_assertion";
  if (more.length > 0 || payload === "" || assertion.length > MAX_ASSERTION_LENGTH)
    throw aadsts(50027, { parameter, reason: "it has not three parts." });
  return {
    header: object(header),
    claims: object(payload),
    signed: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, "base64url"),
  };

  function object(part: string): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
      if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
    } catch {
      // Refused below, like a JSON value that is no object.
    }
    throw aadsts(50027, { parameter, reason: "a part is no JSON object." });
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
