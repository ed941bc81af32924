/**
 * Shared access signatures of the Blob service: of a service, of an account, of a user. Pure. Sources: "Create a service SAS", "Create an
 * account SAS", "Create a user delegation SAS", sections "Construct the signature string", and what Azure's clients were seen to sign.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

export interface ServiceSas {
  readonly account: string;
  readonly container: string;
  /** Absent: the signature is for the whole container. */
  readonly blob?: string | undefined;
  /** Letters of `racwdl`. */
  readonly permissions: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Of what is signed here. */
export const OWN_SAS_VERSION = "2020-10-02";
/** The order in which permissions must stand. */
const OWN_PERMISSIONS = "racwdl";

/** The query that grants it, without a question mark. */
export function serviceSasQuery(sas: ServiceSas, key: Uint8Array): string {
  const fields: Record<string, string> = {
    sv: OWN_SAS_VERSION,
    sr: sas.blob === undefined ? "c" : "b",
    sp: [...OWN_PERMISSIONS].filter((letter) => sas.permissions.includes(letter)).join(""),
    se: `${new Date(sas.expiresAt).toISOString().slice(0, 19)}Z`,
    spr: "https",
  };
  return signedQuery("service", sas, fields, key);
}

/** The fields as a query, with what the key signs of them and of the target; without a question mark. */
export function signedQuery(
  kind: SasKind,
  target: SasTarget,
  fields: Readonly<Record<string, string>>,
  key: Uint8Array,
): string {
  const sig = hmac(
    key,
    sasText(kind, target, (name) => fields[name]),
  ).toString("base64");
  return new URLSearchParams({ ...fields, sig }).toString();
}

export type SasKind = "account" | "service" | "delegation";

/** What a signature is asked to allow. */
export interface SasTarget {
  readonly account: string;
  readonly container?: string | undefined;
  /** Decoded. */
  readonly blob?: string | undefined;
}

type Field = (name: string) => string | undefined;

/** Before it, a signature says less than the service needs to know of it. */
const VERSION_MIN = "2015-04-05";
const VERSION = /^\d{4}-\d{2}-\d{2}$/;
/** Parts of a user's signature that only file systems with directories have, or that name a second person. */
const UNBUILT_FIELDS = ["suoid", "sduoid", "skdutid", "srh", "srq", "ses", "sdd"];

export function sasKindOf(field: Field): SasKind {
  if (field("ss") !== undefined || field("srt") !== undefined) return "account";
  return field("skoid") === undefined ? "service" : "delegation";
}

/** Why the fields make no signature that could be checked; undefined when they do. A sentence for `AuthenticationErrorDetail`. */
export function sasFormProblem(kind: SasKind, field: Field): string | undefined {
  const version = field("sv") ?? "";
  if (!VERSION.test(version) || version < VERSION_MIN)
    return "sv is mandatory, and must be 2015-04-05 or later.";
  const unbuilt = UNBUILT_FIELDS.find((name) => field(name) !== undefined);
  if (unbuilt !== undefined) return `Signatures with ${unbuilt} are not built.`;
  const foreign = (kind === "account" ? ["sr", "si", "skoid"] : ["ss", "srt"]).find(
    (name) => field(name) !== undefined,
  );
  if (foreign !== undefined) return `${foreign} has no place in this kind of signature.`;
  if (kind !== "account" && !["b", "bs", "bv", "c"].includes(field("sr") ?? "")) {
    return "sr is mandatory, and must be b, bs, bv or c.";
  }
  if (kind === "delegation") {
    const missing = ["sktid", "skt", "ske", "skv", "sp", "se"].find((name) => field(name) === undefined);
    if (missing !== undefined) return `${missing} is mandatory. Cannot be empty.`;
    if (field("sks") !== "b") return "sks must be b.";
    if (field("si") !== undefined) return "A user delegation SAS names no stored access policy.";
  }
  if (kind === "account" && !(field("ss") ?? "").includes("b")) return "ss must include b.";
  if (field("sip") !== undefined && addressRange(field("sip") ?? "") === undefined)
    return "sip is no IPv4 address or range.";
  if (!["https", "https,http", undefined].includes(field("spr"))) return "spr must be https or https,http.";
  return undefined;
}

/** Whether one of the keys signed the fields for the target. */
export function sasMatches(
  kind: SasKind,
  target: SasTarget,
  keys: readonly Uint8Array[],
  field: Field,
): boolean {
  const given = Buffer.from(field("sig") ?? "", "base64");
  const text = sasText(kind, target, field);
  let matches = false;
  for (const key of keys) {
    const expected = hmac(key, text);
    matches = (given.length === expected.length && timingSafeEqual(expected, given)) || matches;
  }
  return matches;
}

/** What is signed, of the target as far as the signature reaches. */
export function sasText(kind: SasKind, { account, container = "", blob }: SasTarget, field: Field): string {
  const of = (...names: string[]) => names.map((name) => field(name) ?? "");
  const version = field("sv") ?? "";
  if (kind === "account") {
    const scope = version >= "2020-12-06" ? of("ses") : [];
    return [account, ...of("sp", "ss", "srt", "st", "se", "sip", "spr", "sv"), ...scope, ""].join("\n");
  }
  const names = field("sr") === "c" ? [account, container] : [account, container, blob ?? ""];
  const time = field("sr") === "bv" ? of("versionid") : field("sr") === "bs" ? of("snapshot") : [""];
  return [
    ...of("sp", "st", "se"),
    `/blob/${names.join("/")}`,
    ...(kind === "delegation" ? of("skoid", "sktid", "skt", "ske", "sks", "skv") : of("si")),
    ...(kind === "delegation" && version >= "2020-02-10" ? of("saoid", "suoid", "scid") : []),
    ...(kind === "delegation" && version >= "2025-07-05" ? of("skdutid", "sduoid") : []),
    ...of("sip", "spr", "sv"),
    ...(version >= "2018-11-09" ? [...of("sr"), ...time] : []),
    ...(version >= "2020-12-06" ? of("ses") : []),
    ...(kind === "delegation" && version >= "2026-04-06" ? of("srh", "srq") : []),
    ...of("rscc", "rscd", "rsce", "rscl", "rsct"),
  ].join("\n");
}

/** Start, end and letters, as a signature or a stored policy has them. */
export interface SasTerms {
  readonly start?: string | undefined;
  readonly expiry?: string | undefined;
  readonly permissions?: string | undefined;
}

/**
 * The terms of a signature beside those of the policy that it names. Source: "Define a stored access policy".
 * @returns a sentence when they contradict, or leave something open
 */
export function sasTerms(own: SasTerms, policy: SasTerms = {}): Required<SasTerms> | string {
  for (const name of ["start", "expiry", "permissions"] as const) {
    if (given(own[name]) !== undefined && given(policy[name]) !== undefined)
      return `${name} stands in the signature and in its access policy.`;
  }
  const terms = {
    start: given(own.start) ?? given(policy.start),
    expiry: given(own.expiry) ?? given(policy.expiry),
    permissions: given(own.permissions) ?? given(policy.permissions),
  };
  if (terms.expiry === undefined) return "se is mandatory. Cannot be empty.";
  if (terms.permissions === undefined) return "sp is mandatory. Cannot be empty.";
  return terms;
}

const given = (text: string | undefined) => (text === "" ? undefined : text);

/** Why it does not hold at this moment; undefined when it does. */
export function sasTimeProblem(
  start: string | undefined,
  expiry: string | undefined,
  now: number,
): string | undefined {
  const from = start === undefined ? 0 : Date.parse(start);
  const until = Date.parse(expiry ?? "");
  if (from <= now && now < until) return undefined;
  const current = new Date(now).toUTCString();
  return `Signature not valid in the specified time frame: Start [${start ?? ""}] - Expiry [${expiry ?? ""}] - Current [${current}]`;
}

/** @param range `168.1.5.60` or `168.1.5.60-168.1.5.70` */
export function isInRange(address: string, range: string): boolean {
  const bounds = addressRange(range);
  const number = ipv4Number(address);
  return bounds !== undefined && number !== undefined && number >= bounds[0] && number <= bounds[1];
}

function addressRange(text: string): readonly [number, number] | undefined {
  const [first = "", last = first, ...more] = text.split("-");
  const [from, to] = [ipv4Number(first), ipv4Number(last)];
  return more.length > 0 || from === undefined || to === undefined || from > to ? undefined : [from, to];
}

/** @returns undefined for what is no IPv4 address */
export function ipv4Number(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text, "utf8").digest();
}
