/**
 * One HTTP request to where a user's URL leads. The name is resolved once, every address is judged, and the connection goes
 * to the very address that was judged; a redirect is a new URL, judged anew. It goes out from the node's network where the node
 * has one of its own, else from the agent's. A token goes to the service's own Blob endpoint alone.
 */
import { lookup } from "node:dns/promises";
import { readFileSync } from "node:fs";
import type * as http from "node:http";
import * as https from "node:https";
import { isIP, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { nodeHttp } from "../../core/node-http.ts";
import { mayConnectTo } from "../../core/transfer/address-rules.ts";
import type { ServiceReach } from "../../wire/agent/configuration.ts";
import { BLOB_SUFFIX } from "../../wire/storage/blob-names.ts";
import type { IdentityTokens } from "../imds/identity-tokens.ts";
import type { ServicePresence } from "../service-presence.ts";
import type { InsideNetwork } from "./inside-network.ts";

export interface TransferNetwork {
  /** Origins that may be anywhere, loopback included, e.g. `http://127.0.0.1:10000`. */
  readonly trustedOrigins: readonly string[];
  readonly reach: ServiceReach | undefined;
  readonly service: ServicePresence;
  /** The tokens of the node's identities. */
  readonly tokens: IdentityTokens;
  /** Absent: this machine's. */
  readonly node?: InsideNetwork;
  /** A connection on which nothing moves for so long is given up. Default: a minute. */
  readonly idleMs?: number;
}

export interface OutboundRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
}

/** The URL leads where no transfer may go, or none from this node. */
export class ForbiddenAddress extends Error {}
/** Ends a connection on which nothing has moved for too long. */
export class IdleConnection extends Error {}

const REDIRECTS_MAX = 5;
const IDLE_MS = 60_000;
const REDIRECTIONS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const outside = {
  "http:": new nodeHttp.Agent({ keepAlive: true, timeout: 5_000 }),
  "https:": new https.Agent({ keepAlive: true, timeout: 5_000 }),
};

/**
 * The reply's head; its body is the caller's to read, or to destroy. Redirects of a GET are followed.
 * @throws ForbiddenAddress, IdleConnection, and what the network throws
 */
export async function outboundRequest(
  request: OutboundRequest,
  network: TransferNetwork,
): Promise<http.IncomingMessage> {
  let { url, headers } = request;
  for (let redirects = 0; ; redirects++) {
    const reply = await sendOnce({ ...request, url, headers }, network);
    const { location } = reply.headers;
    const isRedirect = REDIRECTIONS.has(reply.statusCode ?? 0) && location !== undefined;
    if (!isRedirect || request.method !== "GET") return reply;
    reply.destroy();
    if (redirects === REDIRECTS_MAX) throw new Error("There are too many redirects.");
    const next = new URL(location, url);
    // A token is for whom it was asked for, and for nobody whom that one names.
    if (next.origin !== url.origin) headers = withoutAuthorization(headers);
    url = next;
  }
}

async function sendOnce(request: OutboundRequest, network: TransferNetwork): Promise<http.IncomingMessage> {
  const { method, url, headers, body, signal } = request;
  const route = await routeTo(url, headers.authorization !== undefined, network);
  signal.throwIfAborted();
  const isTls = url.protocol === "https:";
  const hostname = bareHost(url);
  return new Promise((resolve, reject) => {
    const outgoing = (isTls ? https : nodeHttp).request(
      {
        agent: route.agents[isTls ? "https:" : "http:"],
        host: route.address,
        port: route.port,
        ...(isTls && isIP(hostname) === 0 && { servername: hostname }),
        ...(route.ca !== undefined && { ca: route.ca }),
        method,
        path: `${url.pathname}${url.search}`,
        headers: { ...headers, host: url.host, ...(body && { "content-length": body.length }) },
        signal,
      },
      resolve,
    );
    outgoing.setTimeout(network.idleMs ?? IDLE_MS, () => {
      outgoing.destroy(new IdleConnection("The server did not go on in time."));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

interface Route {
  /** Make the connection, from the network that the route belongs to. */
  readonly agents: InsideNetwork["agents"];
  readonly address: string;
  readonly port: number;
  /** PEM; absent means this machine's roots. */
  readonly ca?: string;
}

async function routeTo(
  url: URL,
  hasToken: boolean,
  { trustedOrigins, reach, node }: TransferNetwork,
): Promise<Route> {
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new ForbiddenAddress("Only http and https URLs are fetched.");
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  const hostname = bareHost(url);
  const ownPort = url.protocol === "https:" ? ownBlobPort(hostname, port, reach) : undefined;
  // A task comes to the same port by the node's relay, which ends here as well.
  if (reach && ownPort !== undefined)
    return {
      agents: outside,
      address: reach.host ?? "127.0.0.1",
      port: ownPort,
      ca: readFileSync(reach.bundleFile, "utf8"),
    };
  if (hasToken)
    throw new ForbiddenAddress("An identity is shown to this service's own Blob endpoint only, by https.");
  const isTrusted = trustedOrigins.includes(url.origin);
  // A name is not even asked for: who answers for it would learn it.
  if (!isTrusted && node?.obstacle !== undefined && isIP(hostname) === 0)
    throw new ForbiddenAddress(`The node reaches nothing but the service: ${node.obstacle}`);
  const addresses = isIP(hostname) ? [hostname] : await addressesOf(hostname);
  // A node's own network is one of IPv4.
  const address = (node && !isTrusted && addresses.find(isIPv4)) || addresses[0];
  if (address === undefined) throw new Error(`${hostname} has no address.`);
  if (isTrusted) return { agents: outside, address, port };
  if (!mayConnectTo(address, ownAddresses()))
    throw new ForbiddenAddress("The URL leads to an address that transfers do not reach.");
  return { agents: node?.agents ?? outside, address, port };
}

/** The port of the service's own blob endpoint, for Azure's names or that port; its other ports are none of a transfer's business. */
function ownBlobPort(hostname: string, port: number, reach: ServiceReach | undefined): number | undefined {
  const { main, blob } = reach?.ports ?? {};
  if (port === 443 && hostname.endsWith(BLOB_SUFFIX) && reach?.azureNames.includes(hostname)) return main;
  return (hostname === "localhost" || hostname === "127.0.0.1") && port === blob ? blob : undefined;
}

export async function addressesOf(hostname: string): Promise<string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}

export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

function withoutAuthorization(headers: OutboundRequest["headers"]): OutboundRequest["headers"] {
  const { authorization: _authorization, ...others } = headers;
  return others;
}
