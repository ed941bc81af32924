/**
 * The token service's pipeline: split the path, find the endpoint, check the method, handle, and render what went wrong. The
 * same for every endpoint; the list below is all there are.
 */

import { aadsts } from "../../app/sign-in/aadsts.ts";
import { Fault } from "../../core/fault.ts";
import type { Exchange, Handler } from "../../http/exchange.ts";
import { adminConsent } from "./admin-consent.ts";
import { authorize } from "./authorize.ts";
import { deviceCode } from "./device-code.ts";
import { deviceLogin } from "./device-login.ts";
import { instanceDiscovery } from "./instance-discovery.ts";
import { jwks } from "./jwks.ts";
import { logout } from "./logout.ts";
import { openidConfiguration } from "./openid-configuration.ts";
import { replyErrorPage } from "./pages/error-page.ts";
import { replyRedirect } from "./pages/page.ts";
import type { Endpoint, EntraServices } from "./request/endpoint.ts";
import { replyFault } from "./request/envelope.ts";
import { formPostScript, signedOutScript } from "./request/page-scripts.ts";
import { pageElsewhere } from "./request/pages-address.ts";
import { token } from "./token.ts";
import { userRealm } from "./user-realm.ts";
import { userinfo } from "./userinfo.ts";

const ENDPOINTS: readonly Endpoint[] = [
  openidConfiguration,
  instanceDiscovery,
  jwks,
  token,
  authorize,
  deviceCode,
  deviceLogin,
  adminConsent,
  logout,
  formPostScript,
  signedOutScript,
  userinfo,
  userRealm,
];

export function entraPlane(services: EntraServices): Handler {
  return plane(services, ENDPOINTS);
}

/** The pages alone, for the plain port: nothing that takes a secret but the user's password answers in clear. */
export function entraPages(services: EntraServices): Handler {
  return plane(
    services,
    ENDPOINTS.filter(({ isPage }) => isPage),
  );
}

/** What a user types who is to sign a device in. */
const DEVICE_LOGIN_SHORT = "/devicelogin";

function plane(services: EntraServices, endpoints: readonly Endpoint[]): Handler {
  const endpointByPath = new Map(
    endpoints.flatMap((endpoint) => endpoint.paths.map((path) => [path, endpoint] as const)),
  );
  return async (exchange) => {
    let endpoint: Endpoint | undefined;
    try {
      if (exchange.path.toLowerCase() === DEVICE_LOGIN_SHORT) {
        const query = exchange.rawQuery === "" ? "" : `?${exchange.rawQuery}`;
        return exchange.reply(302, ["location", `/common/${deviceLogin.paths[0]}${query}`]);
      }
      const { tenantName, path } = splitPath(exchange);
      endpoint = findEndpoint(endpointByPath, path);
      checkMethod(exchange, endpoint);
      const context = { ...services, exchange, tenantName, path };
      const elsewhere = endpoint.isPage ? pageElsewhere(context) : undefined;
      if (elsewhere !== undefined) return replyRedirect(exchange, elsewhere);
      await endpoint.handle(context);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (endpoint?.isPage) replyErrorPage(exchange, error, services.clock());
      else replyFault(exchange, error, services.clock(), endpoint?.isDiscovery ?? false);
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

function findEndpoint(endpointByPath: ReadonlyMap<string, Endpoint>, path: string): Endpoint {
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
