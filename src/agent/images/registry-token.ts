/**
 * What a managed identity shows to a registry of Azure's: its token is exchanged for a refresh token of the registry's own. Source: Azure
 * Container Registry, "AAD-OAuth.md", "Authenticating docker with an Azure container registry".
 */
import { isLoopback } from "../../core/containers/image-name.ts";
import type { IdentityTokens } from "../imds/identity-tokens.ts";
import { outboundRequest, type TransferNetwork } from "../transfer/outbound-request.ts";

/** Registries take tokens for Resource Manager unless told otherwise. */
const RESOURCE = "https://management.azure.com/";
/** A refresh token is one of some thousand characters. */
const REPLY_MAX_BYTES = 64 * 1024;
/** For the whole exchange: a reply that comes byte by byte keeps nobody waiting. */
const EXCHANGE_MS = 60_000;

/** @throws Error with what the service or the registry said */
export async function registryToken(
  registry: string,
  identity: string,
  tenantId: string | undefined,
  {
    tokens,
    network,
    signal,
  }: {
    readonly tokens: IdentityTokens;
    readonly network: TransferNetwork;
    readonly signal: AbortSignal;
  },
): Promise<string> {
  await network.service.there(signal);
  const name = { by: "mi_res_id", value: identity } as const;
  const answer = await tokens.token({ resource: RESOURCE, identity: name, isFresh: false });
  if (!("token" in answer))
    throw new Error(`denied: no token of the identity: ${answer.refusal.description}`);
  const form = new URLSearchParams({
    grant_type: "access_token",
    service: registry,
    ...(tenantId !== undefined && { tenant: tenantId }),
    access_token: answer.token.accessToken,
  });
  const scheme = isLoopback(registry) ? "http" : "https";
  const reply = await outboundRequest(
    {
      method: "POST",
      url: new URL(`${scheme}://${registry}/oauth2/exchange`),
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: Buffer.from(form.toString()),
      signal: AbortSignal.any([signal, AbortSignal.timeout(EXCHANGE_MS)]),
    },
    network,
  );
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of reply as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > REPLY_MAX_BYTES) break;
    pieces.push(piece);
  }
  if (reply.statusCode !== 200)
    throw new Error(
      `denied: ${registry} answered ${reply.statusCode} to the exchange of the identity's token`,
    );
  const { refresh_token: token } = JSON.parse(Buffer.concat(pieces).toString()) as {
    refresh_token?: unknown;
  };
  if (typeof token !== "string")
    throw new Error(`${registry} gave no refresh_token for the identity's token`);
  return token;
}
