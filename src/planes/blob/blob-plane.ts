/**
 * The front of the Blob service. Every request is judged here (`judge.ts`), and only then does the program that keeps the blobs hear of it: of what
 * the request's operation has, and of nothing else.
 */
import type { Storage } from "../../app/storage/storage.ts";
import { Fault } from "../../core/fault.ts";
import { ClientGone, type Exchange, type Handler } from "../../http/exchange.ts";
import { takesRoom } from "../../wire/storage/blob-operations.ts";
import type { BlobAddress } from "./address.ts";
import { replyBatch } from "./batch.ts";
import { blobFault } from "./blob-fault.ts";
import { blobRequest } from "./blob-request.ts";
import { type BlobJudges, sourceUrl } from "./copy-source.ts";
import { crossOrigin } from "./cross-origin.ts";
import { commonHeaders, replyFault } from "./envelope.ts";
import { type Forwarding, forward } from "./forward.ts";
import { bodyLength } from "./forwarded.ts";
import { putFromUrl } from "./from-url.ts";
import { type JudgedBlobRequest, judge } from "./judge.ts";
import { checkServiceProperties } from "./service-properties.ts";
import { replyUserDelegationKey } from "./user-delegation-key.ts";

export interface BlobPlane extends BlobJudges {
  readonly storage: Storage;
  /** Whether blobs may have so many bytes more. */
  readonly hasRoomFor: (bytes: number) => boolean;
  /** Where the service's own pages are. */
  readonly portalOrigins: () => readonly string[];
  readonly log: (line: string) => void;
}

export function blobPlane(plane: BlobPlane): Handler {
  return async (exchange) => {
    const known: { address?: BlobAddress } = {};
    try {
      await answer(plane, exchange, known);
    } catch (error) {
      if (!(error instanceof ClientGone)) refuse(plane, exchange, error, known.address);
    }
  };
}

async function answer(plane: BlobPlane, exchange: Exchange, known: { address?: BlobAddress }): Promise<void> {
  // Below a prefix it comes from the service's own page: over TLS, or on loopback.
  if (exchange.scheme !== "https" && exchange.base === "") throw blobFault("AccountRequiresHttps");
  const { isAnswered, exposed } = await crossOrigin(plane.storage, exchange, plane.portalOrigins());
  if (isAnswered) return;
  const judged = await judge(plane, blobRequest(exchange), (address) => {
    known.address = address;
  });
  if (exchange.headers["x-ms-blob-public-access"] !== undefined) throw blobFault("PublicAccessNotPermitted");
  const { request, operation } = judged;
  // Refused now, and not half-way by the program behind, which has no word for it.
  if (
    takesRoom(operation) &&
    !plane.hasRoomFor(operation.body === undefined ? 0 : bodyLength(request, operation))
  )
    throw blobFault("InsufficientStorage");
  await perform(plane, exchange, judged, exposed);
}

async function perform(
  plane: BlobPlane,
  exchange: Exchange,
  judged: JudgedBlobRequest,
  exposed: readonly string[] | undefined,
): Promise<void> {
  const { storage } = plane;
  const { request, caller, operation, source } = judged;
  const isSigned = caller.kind === "sas" || caller.kind === "delegate";
  const forwarding: Forwarding = { ...judged, isSigned, exposed };
  switch (operation.name) {
    case "GetUserDelegationKey":
      if (caller.kind !== "principal") throw blobFault("AuthenticationFailed", "It takes an access token.");
      return replyUserDelegationKey(storage, exchange, caller.principal, plane.clock());
    case "GetAccountInformation":
      return replyAccountInformation(exchange, judged.address);
    case "BlobBatch":
      bodyLength(request, operation);
      return replyBatch(plane, exchange, judged);
    case "SetBlobServiceProperties": {
      bodyLength(request, operation);
      const body = await exchange.readBody(Number(operation.body));
      checkServiceProperties(body.toString("utf8"));
      return forward(storage, exchange, forwarding, body);
    }
  }
  if (!source) return forward(storage, exchange, forwarding);
  if (operation.name !== "CopyBlob") return putFromUrl(storage, exchange, source, forwarding);
  const headers = { "x-ms-copy-source": sourceUrl(source), "x-ms-copy-source-authorization": undefined };
  return forward(storage, exchange, { ...forwarding, headers });
}

/** What kind of account it is. Source: "Get Account Information". */
function replyAccountInformation(exchange: Exchange, { account }: BlobAddress): void {
  const { sku, kind } = account.spec;
  const told = ["x-ms-sku-name", sku, "x-ms-account-kind", kind, "x-ms-is-hns-enabled", "false"];
  exchange.reply(200, [...commonHeaders(exchange), ...told]);
}

function refuse(
  plane: BlobPlane,
  exchange: Exchange,
  error: unknown,
  address: BlobAddress | undefined,
): void {
  const fault = error instanceof Fault ? error : blobFault("InternalError");
  if (!(error instanceof Fault)) {
    plane.log(
      `blob ${exchange.id} ${exchange.method}: ${error instanceof Error ? error.stack : String(error)}`,
    );
  }
  if (exchange.response.headersSent) {
    exchange.response.destroy();
    return;
  }
  const tenant = address?.account.tenantId ?? "common";
  const challenge = `Bearer authorization_uri=https://login.microsoftonline.com/${tenant}/oauth2/authorize resource_id=https://storage.azure.com`;
  replyFault(exchange, fault, plane.clock(), challenge);
}
