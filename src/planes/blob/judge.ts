/**
 * Whether a request to the Blob service may be done, in the order in which it is decided: what it names, whether it may come from there, who
 * sends it, which operation it is, whether the sender may do that, and whether the sender may read what it copies.
 */
import { closedTo } from "../../core/storage/network-rules.ts";
import { type BlobOperation, blobOperation } from "../../wire/storage/blob-operations.ts";
import { type BlobAddress, blobAddress } from "./address.ts";
import { authenticate } from "./authenticate.ts";
import { authorize } from "./authorize.ts";
import { blobFault } from "./blob-fault.ts";
import { type BlobRequest, checkHeaders, checkParameters, headerOf } from "./blob-request.ts";
import type { BlobCaller } from "./caller.ts";
import { type BlobJudges, type CopySource, copySource } from "./copy-source.ts";

/** A request that may be done. */
export interface JudgedBlobRequest {
  readonly request: BlobRequest;
  readonly address: BlobAddress;
  readonly caller: BlobCaller;
  readonly operation: BlobOperation;
  /** The blob must not be there yet. */
  readonly isForNew: boolean;
  readonly source: CopySource | undefined;
}

/** @param onAddress told as soon as the address is known, for refusals */
export async function judge(
  plane: BlobJudges,
  request: BlobRequest,
  onAddress: (address: BlobAddress) => void = () => {},
): Promise<JudgedBlobRequest> {
  checkHeaders(request.headers);
  checkParameters(request.query);
  const address = blobAddress(plane.storage, request);
  onAddress(address);
  if (closedTo(address.account.spec, request.clientAddress)) throw blobFault("AuthorizationFailure");
  const caller = await authenticate(plane, request, address);
  const operation = blobOperation({
    method: request.method,
    level: address.level,
    query: (name) => request.query.get(name),
    header: (name) => headerOf(request, name),
  });
  if (!operation) throw blobFault("UnsupportedHttpVerb");
  const { isForNew } = await authorize(plane, request, caller, operation, address);
  const source = await copySource(plane, request, address, caller);
  if (operation.unbuilt !== undefined) throw blobFault("FeatureNotSupported", { Reason: operation.unbuilt });
  return { request, address, caller, operation, isForNew, source };
}
