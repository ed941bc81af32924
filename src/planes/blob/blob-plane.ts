/**
 * The front of the Blob service. Every request, in the order in which it is judged: address, authentication, operation, authorization; only then
 * the program that keeps the blobs hears of it. That program knows keys; tokens and roles are known here alone.
 */
import type { AccessTokenVerifier } from "../../app/directory/access-token-verify.ts";
import type { Storage } from "../../app/storage/storage.ts";
import { Fault } from "../../core/fault.ts";
import { unexpected } from "../../core/unexpected.ts";
import { ClientGone, type Exchange, type Handler } from "../../http/exchange.ts";
import { BLOB_READ, type BlobOperation, blobOperation } from "../../wire/storage/blob-operations.ts";
import { type BlobAddress, blobAddress } from "./address.ts";
import { authenticate } from "./authenticate.ts";
import { authorize, type BlobAuthorization } from "./authorize.ts";
import { blobFault } from "./blob-fault.ts";
import { copySource } from "./copy-source.ts";
import { replyFault } from "./envelope.ts";
import { forward } from "./forward.ts";
import { replyUserDelegationKey } from "./user-delegation-key.ts";

export interface BlobPlane extends BlobAuthorization {
  readonly storage: Storage;
  readonly tokens: AccessTokenVerifier;
  readonly log: (line: string) => void;
}

const READ_SOURCE: BlobOperation = { name: "GetBlob", permissions: [BLOB_READ] };

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
  const { storage } = plane;
  if (exchange.scheme !== "https") throw blobFault("AccountRequiresHttps");
  const address = blobAddress(storage, exchange);
  known.address = address;
  const caller = await authenticate(plane, exchange, address.account);
  const { query, method } = exchange;
  if (query.duplicated() !== undefined) throw blobFault("InvalidQueryParameterValue");
  const operation = blobOperation(method, address.level, (name) => query.get(name));
  if (!operation) throw blobFault("UnsupportedHttpVerb");
  if (caller.kind !== "sas") await authorize(plane, exchange, caller, operation, address);
  const source = copySource(storage, exchange, address, caller);
  if (source && caller.kind !== "sas") await authorize(plane, exchange, caller, READ_SOURCE, source);
  if (exchange.headers["x-ms-blob-public-access"] !== undefined) throw blobFault("PublicAccessNotPermitted");
  if (operation.name === "GetUserDelegationKey") {
    if (caller.kind !== "principal") throw blobFault("AuthenticationFailed", "It takes an access token.");
    return replyUserDelegationKey(storage, exchange, caller.principal, plane.clock());
  }
  await forward(storage, exchange, { address, isSignedHere: caller.kind === "principal" });
}

function refuse(
  plane: BlobPlane,
  exchange: Exchange,
  error: unknown,
  address: BlobAddress | undefined,
): void {
  const fault = error instanceof Fault ? error : blobFault("InternalError");
  if (!(error instanceof Fault)) {
    plane.log(`blob ${exchange.id} ${exchange.method}: ${unexpected(error)}`);
  }
  if (exchange.response.headersSent) {
    exchange.response.destroy();
    return;
  }
  const tenant = address?.account.tenantId ?? "common";
  const challenge = `Bearer authorization_uri=https://login.microsoftonline.com/${tenant}/oauth2/authorize resource_id=https://storage.azure.com`;
  replyFault(exchange, fault, plane.clock(), challenge);
}
