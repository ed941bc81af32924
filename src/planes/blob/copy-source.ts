/**
 * What a request copies from: a blob of this or another account here, by any of its addresses. Who may not read the source may not copy it; the
 * program behind is given the source's name alone. Source: "Copy Blob", "Put Blob From URL", sections "Authorization".
 */
import type { Storage } from "../../app/storage/storage.ts";
import { Fault } from "../../core/fault.ts";
import { closedTo } from "../../core/storage/network-rules.ts";
import { BLOB_SUFFIX } from "../../wire/storage/blob-names.ts";
import { BLOB_OPERATIONS, READ_SOURCE } from "../../wire/storage/blob-operations.ts";
import { type BlobAddress, blobAddress } from "./address.ts";
import { type BlobAuthentication, bearerPrincipal } from "./authenticate.ts";
import { authorize, type BlobAuthorization } from "./authorize.ts";
import { blobFault } from "./blob-fault.ts";
import { type BlobRequest, headerOf, readQuery } from "./blob-request.ts";
import type { BlobCaller } from "./caller.ts";
import { bySignature } from "./signature.ts";

/** Who decides about requests. */
export type BlobJudges = BlobAuthentication & BlobAuthorization;

export interface CopySource {
  readonly address: BlobAddress;
  /** Of the base blob, when undefined. */
  readonly snapshot: string | undefined;
}

const READ_TAGS = BLOB_OPERATIONS.blob["GET - tags"];

/** @returns undefined when the request copies nothing. @throws Fault CannotVerifyCopySource, AuthorizationPermissionMismatch, InvalidUri */
export async function copySource(
  plane: BlobJudges,
  request: BlobRequest,
  { account }: BlobAddress,
  caller: BlobCaller,
): Promise<CopySource | undefined> {
  const given = headerOf(request, "x-ms-copy-source");
  if (given === undefined) return undefined;
  const named = sourceRequest(request, given);
  const address = sourceAddress(plane.storage, named);
  const reader = await readerOf(
    plane,
    named,
    address,
    address.account.key === account.key ? caller : undefined,
  );
  await authorize(plane, named, reader, READ_SOURCE, address);
  if (READ_TAGS && headerOf(request, "x-ms-copy-source-tag-option")?.toUpperCase() === "COPY") {
    await authorize(plane, named, reader, READ_TAGS, address);
  }
  return { address, snapshot: named.query.get("snapshot") };
}

/** The request that reading the source would be. */
function sourceRequest(request: BlobRequest, url: string): BlobRequest {
  const { authority } = request;
  const scheme = "https://";
  const isHttps = url.slice(0, scheme.length).toLowerCase() === scheme;
  const end = url.indexOf("/", scheme.length);
  const mark = url.indexOf("?");
  if (!isHttps || end < 0 || (mark >= 0 && mark < end) || url.includes("#")) throw foreign();
  const host = url.slice(scheme.length, end).toLowerCase();
  const rawPath = mark < 0 ? url.slice(end) : url.slice(end, mark);
  const rawQuery = mark < 0 ? "" : url.slice(mark + 1);
  const name = host.endsWith(":443") ? host.slice(0, -":443".length) : host;
  const isAzure = name.endsWith(BLOB_SUFFIX);
  if (!isAzure && !(authority.answeredAs === "local" && host === authority.host)) throw foreign();
  const authorization = headerOf(request, "x-ms-copy-source-authorization");
  return {
    ...request,
    method: "GET",
    rawPath,
    rawQuery,
    query: readQuery(rawQuery),
    headers: authorization === undefined ? {} : { authorization },
    authority: isAzure ? { name, host, port: undefined, answeredAs: "storage" } : authority,
  };
}

function sourceAddress(storage: Storage, named: BlobRequest): BlobAddress {
  const address = ownAddress(storage, named);
  const isClosed = closedTo(address.account.spec, named.clientAddress);
  if (address.level !== "blob" || isClosed) throw blobFault("CannotVerifyCopySource");
  return address;
}

function ownAddress(storage: Storage, named: BlobRequest): BlobAddress {
  try {
    return blobAddress(storage, named);
  } catch (error) {
    throw error instanceof Fault && error.code === "ResourceNotFound" ? foreign() : error;
  }
}

/** @param caller of the copy, where the source is in the same account */
async function readerOf(
  plane: BlobJudges,
  named: BlobRequest,
  address: BlobAddress,
  caller: BlobCaller | undefined,
): Promise<BlobCaller> {
  const authorization = headerOf(named, "authorization");
  try {
    if (named.query.get("sig") !== undefined) return await bySignature(plane, named, address);
    if (authorization !== undefined) return await byToken(plane, authorization, address);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const why = error.values.map(({ value }) => value).join(" ");
    throw blobFault("CannotVerifyCopySource", { Reason: `${error.code}. ${why}`.trim() });
  }
  if (caller?.kind === "principal" || caller?.kind === "sharedKey") return caller;
  throw blobFault("CannotVerifyCopySource", {
    Reason: "The source needs a signature or a token of its own.",
  });
}

async function byToken(
  judges: BlobJudges,
  authorization: string,
  { account }: BlobAddress,
): Promise<BlobCaller> {
  const [scheme = "", token = ""] = authorization.split(" ", 2);
  if (scheme.toLowerCase() !== "bearer")
    throw blobFault("InvalidAuthenticationInfo", "It is no Bearer token.");
  return { kind: "principal", principal: await bearerPrincipal(judges, token, account) };
}

function foreign(): Fault {
  return blobFault("CannotVerifyCopySource", { Reason: "Copies are made of blobs that are here, by https." });
}

/** By which the program behind knows the source. */
export function sourceUrl({ address, snapshot }: CopySource): string {
  const { account, container = "", blob = "" } = address;
  const path = [container, ...blob.split("/").map(encodeURIComponent)].join("/");
  const query = snapshot === undefined ? "" : `?snapshot=${encodeURIComponent(snapshot)}`;
  return `https://${account.name}${BLOB_SUFFIX}/${path}${query}`;
}
