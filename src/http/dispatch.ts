/**
 * Chooses the plane that answers: by Host for Azure's own names, by path or by port on this machine's. The planes are
 * handed in; this module knows only where each one lives.
 */
import type { Exchange, Handler } from "./exchange.ts";
import { refuse } from "./request-listener.ts";

/** One Batch account as an address names it; whether it exists is for the plane to say. */
export interface BatchAddress {
  readonly account: string;
  /** Absent where the address does not tell, as with an account's own port. */
  readonly location?: string | undefined;
}

export interface Planes {
  readonly entra: Handler;
  readonly arm: Handler;
  readonly graph: Handler;
  readonly batch: (exchange: Exchange, address: BatchAddress) => void | Promise<void>;
  readonly storage?: Handler;
  readonly metadata?: Handler;
  readonly portal?: Handler;
}

/** For the main port and the proxy: on this machine's names the path tells the plane. */
export function dispatchByPath(planes: Planes): Handler {
  return (exchange) => dispatch(planes, exchange, (path) => local(planes, exchange, path));
}

/** For an account's own port: on this machine's names everything is that account's. */
export function dispatchToAccount(planes: Planes, address: BatchAddress): Handler {
  return (exchange) => dispatch(planes, exchange, () => planes.batch(exchange, address));
}

/** For the port of blobs. */
export function dispatchToStorage(planes: Planes): Handler {
  const storage = planes.storage ?? notBuilt;
  return (exchange) => dispatch(planes, exchange, () => storage(exchange));
}

function dispatch(
  planes: Planes,
  exchange: Exchange,
  onThisMachine: (path: string) => void | Promise<void>,
): void | Promise<void> {
  switch (exchange.authority.answeredAs) {
    case "local":
      return onThisMachine(exchange.path);
    case "portal":
      return local(planes, exchange, exchange.path);
    case "entra":
      return planes.entra(exchange);
    case "arm":
      return planes.arm(exchange);
    case "graph":
      return planes.graph(exchange);
    case "batch": {
      const [account = "", location] = exchange.authority.name.split(".batch.azure.com")[0]?.split(".") ?? [];
      return planes.batch(exchange, { account, location });
    }
    case "storage":
      return (planes.storage ?? notBuilt)(exchange);
    case "metadata":
      return (planes.metadata ?? notBuilt)(exchange);
  }
}

/** Resource Manager's first segments and the two that Graph's versions are, with its user information; the rest below a tenant is the token service's. */
const ARM_ROOTS = new Set(["subscriptions", "tenants", "providers", "locations", "resources"]);
const GRAPH_ROOTS = new Set(["v1.0", "beta", "oidc"]);

/**
 * For the plain port on loopback, where the portal works without anybody having to trust our CA: the portal itself, and what its
 * scripts ask the planes for. Programs find nothing here, so that none gets used to sending tokens in clear.
 * @param pages whatever else browsers are shown there
 */
export function pagesOrPlanes(planes: Planes, pages: Handler): Handler {
  const byPath = dispatchByPath(planes);
  return (exchange) => {
    const { "sec-fetch-site": site, "sec-fetch-mode": mode } = exchange.headers;
    const isOwnScript = site === "same-origin" && mode !== "navigate";
    return isOwnScript || /^\/(portal(\/|$)|$)/.test(exchange.path) ? byPath(exchange) : pages(exchange);
  };
}

/** Batch accounts below one origin, for pages of that origin; a shared key does not sign such paths, so only tokens open it. */
const ACCOUNTS_ROOT = "batch";
/** Blobs likewise; a signed URL opens them here, too, for it signs the blob's name and not the path. */
const BLOBS_ROOT = "blob";

/**
 * What lies below these roots somebody has written, and it has the portal's and the sign-in pages' origin: only scripts ask for it. As a page, a frame
 * or a script of its own it could sign in as whoever opens it. Source: "Fetch Metadata Request Headers", `Sec-Fetch-Dest`.
 * @returns whether the exchange is answered
 */
function refusesToBePage(exchange: Exchange): boolean {
  const { response } = exchange;
  const { "sec-fetch-dest": use = "empty" } = exchange.headers;
  if (use !== "empty") {
    refuse(
      response,
      403,
      "Forbidden",
      "No page is shown at this address: it is for scripts of the portal's.",
    );
    return true;
  }
  // For browsers that do not tell.
  response.setHeader("content-security-policy", "sandbox; default-src 'none'");
  response.setHeader("x-content-type-options", "nosniff");
  return false;
}

function belowAccount(planes: Planes, exchange: Exchange): void | Promise<void> {
  const [, root, account = ""] = exchange.path.split("/", 3);
  return planes.batch(exchange.below(`/${root}/${account}`), { account: account.toLowerCase() });
}

/** A scope of Resource Manager's whose slashes are encoded, as some of its clients have it. */
const ENCODED_SCOPE = /^\/(?:%2f)?(\w{1,20})%2f/i;

function local(planes: Planes, exchange: Exchange, path: string): void | Promise<void> {
  const encoded = ENCODED_SCOPE.exec(path)?.[1]?.toLowerCase();
  if (encoded !== undefined && ARM_ROOTS.has(encoded)) return planes.arm(exchange);
  const [root = "", second] = path.slice(1).toLowerCase().split("/", 2);
  if (ARM_ROOTS.has(root)) return planes.arm(exchange);
  if (GRAPH_ROOTS.has(root)) return planes.graph(exchange);
  if (root === "metadata")
    return (second === "endpoints" ? planes.arm : (planes.metadata ?? notBuilt))(exchange);
  if (root === "" || root === "portal") return (planes.portal ?? notFound)(exchange);
  const isOthers = (root === ACCOUNTS_ROOT || root === BLOBS_ROOT) && second;
  if (isOthers && refusesToBePage(exchange)) return;
  if (root === ACCOUNTS_ROOT && second) return belowAccount(planes, exchange);
  if (root === BLOBS_ROOT && second) return (planes.storage ?? notBuilt)(exchange.below(`/${BLOBS_ROOT}`));
  if (root === "devicelogin" && second === undefined) return planes.entra(exchange);
  return second === undefined ? notFound(exchange) : planes.entra(exchange);
}

export function notFound(exchange: Exchange): void {
  refuse(exchange.response, 404, "NotFound", "Nothing is served at this address.");
}

function notBuilt(exchange: Exchange): void {
  refuse(exchange.response, 501, "NotImplemented", "This service is known here, but not built yet.");
}
