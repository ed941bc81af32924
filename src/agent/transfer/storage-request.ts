/**
 * A request to a Blob service, made as one of the node's identities where the file names one. The token is asked for each
 * request anew and kept by `IdentityTokens` alone; `outboundRequest` sends it to this service's own Blob endpoint and nowhere
 * else, for no other can know what it is worth.
 */
import type { IncomingMessage } from "node:http";
import { type OutboundRequest, outboundRequest, type TransferNetwork } from "./outbound-request.ts";

export interface StorageRequest extends OutboundRequest {
  /** Resource id of the identity; undefined where the URL says enough. */
  readonly identity: string | undefined;
}

/** The node gets no token of the identity. */
export class RefusedToken extends Error {
  /** As the metadata endpoint answers a task that asks for it. */
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The audience of Azure Storage. Source: "Authorize with Microsoft Entra ID" (Azure Storage REST). */
const RESOURCE = "https://storage.azure.com/";
/** Tokens are taken from 2017-11-09 on; this is the oldest version with everything that `uploadHeaders` may name. */
export const STORAGE_VERSION = "2021-06-08";

/** @throws RefusedToken, and as `outboundRequest` */
export async function storageRequest(
  { identity, ...request }: StorageRequest,
  network: TransferNetwork,
): Promise<IncomingMessage> {
  if (identity === undefined) return outboundRequest(request, network);
  const sendAs = async (isFresh: boolean) => {
    const authorization = `Bearer ${await tokenOf(identity, isFresh, network, request.signal)}`;
    const headers = { ...request.headers, "x-ms-version": STORAGE_VERSION, authorization };
    return outboundRequest({ ...request, headers }, network);
  };
  const reply = await sendAs(false);
  if (reply.statusCode !== 401) return reply;
  // The service's clock or its keys may have moved on since the token was issued.
  reply.destroy();
  return sendAs(true);
}

async function tokenOf(
  identity: string,
  isFresh: boolean,
  { service, tokens }: TransferNetwork,
  signal: AbortSignal,
): Promise<string> {
  await service.there(signal);
  const name = { by: "mi_res_id", value: identity } as const;
  const answer = await tokens.token({ resource: RESOURCE, identity: name, isFresh });
  if ("token" in answer) return answer.token.accessToken;
  const { status, description } = answer.refusal;
  throw new RefusedToken(status, `No token of the identity ${identity}: ${description}`);
}
