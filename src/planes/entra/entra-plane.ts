/**
 * The token service's pipeline: split the path, find the endpoint, check the method, handle, and render what went wrong. The
 * same for every endpoint; the list below is all there are.
 */
import { Fault } from "../../core/fault.ts";
import type { Exchange, Handler } from "../../http/exchange.ts";
import { aadsts } from "./aadsts.ts";
import { declaredEndpoints } from "./declared-endpoints.ts";
import type { Endpoint, EntraServices } from "./endpoint.ts";
import { replyFault } from "./envelope.ts";
import { instanceDiscovery } from "./instance-discovery.ts";
import { jwks } from "./jwks.ts";
import { openidConfiguration } from "./openid-configuration.ts";
import { token } from "./token.ts";

const ENDPOINTS: readonly Endpoint[] = [
  openidConfiguration,
  instanceDiscovery,
  jwks,
  token,
  ...declaredEndpoints,
];

const endpointByPath = new Map(
  ENDPOINTS.flatMap((endpoint) => endpoint.paths.map((path) => [path, endpoint] as const)),
);

export function entraPlane(services: EntraServices): Handler {
  return async (exchange) => {
    let endpoint: Endpoint | undefined;
    try {
      const { tenantName, path } = splitPath(exchange);
      endpoint = findEndpoint(path);
      checkMethod(exchange, endpoint);
      await endpoint.handle({ ...services, exchange, tenantName, path });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      replyFault(exchange, error, services.clock(), endpoint?.isDiscovery ?? false);
    }
  };
}

/** `/{tenant}/{path}`; the tenant may be percent-encoded, the rest is compared without case. */
function splitPath({ path }: Exchange): { tenantName: string; path: string } {
  const slash = path.indexOf("/", 1);
  const tenant = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const rest = slash < 0 ? "" : path.slice(slash + 1).toLowerCase();
  return { tenantName: decodeTenant(tenant), path: rest.endsWith("/") ? rest.slice(0, -1) : rest };
}

function decodeTenant(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw aadsts(900023, { tenant: segment });
  }
}

function findEndpoint(path: string): Endpoint {
  const endpoint = endpointByPath.get(path) ?? endpointByPath.get(path.replace(/\/[^/]*$/, "/*"));
  if (endpoint === undefined) {
    throw new Fault("NotFound", "The token service has no such endpoint.", { status: 404 });
  }
  return endpoint;
}

function checkMethod({ method }: Exchange, { methods }: Endpoint): void {
  const allowed: readonly string[] = methods;
  if (allowed.includes(method) || (method === "HEAD" && allowed.includes("GET"))) return;
  throw aadsts(900561, { allowed: allowed.join(", "), method });
}
