/**
 * Which resource a token is asked for, and in which of the two request styles: `resource` (v1) or `scope` (v2). The style
 * decides the reply's shape, not the path: ADFS-style paths get both. Names are never normalised; a slash more or less is
 * another audience.
 */
import type { Client, Tenant } from "../../../app/directory/directory.ts";
import { aadsts } from "../../../app/sign-in/aadsts.ts";
import { GRAPH_APP_ID } from "../../../wire/entra/first-party.ts";
import type { EntraContext } from "./endpoint.ts";
import type { Form } from "./form.ts";

export interface RequestedResource {
  readonly style: "v1" | "v2";
  /** Letter by letter the token's audience. */
  readonly audience: string;
}

const DEFAULT_SCOPE = "/.default";
const SIGN_IN_SCOPES: ReadonlySet<string> = new Set(["openid", "profile", "email", "offline_access"]);

/** For a client acting as itself. @throws Fault 901002, 90014, 900144, 28000, 1002012 */
export function requestedResource({ path }: EntraContext, form: Form): RequestedResource {
  const isV2Endpoint = path.includes("/v2.0/");
  const resource = form.resource;
  const scope = form.scope;
  if (resource) {
    if (isV2Endpoint) throw aadsts(901002);
    return { style: "v1", audience: resource };
  }
  if (!scope)
    throw isV2Endpoint ? aadsts(90014, { parameter: "scope" }) : aadsts(900144, { parameter: "resource" });
  return { style: "v2", audience: defaultScopeResource(scope) };
}

/** Strips one `/.default`: `https://batch.core.windows.net//.default` asks for the audience that ends in a slash. */
function defaultScopeResource(scope: string): string {
  const scopes = scope.split(" ").filter((name) => name !== "");
  const [resourceScope = scope, ...others] = scopes.filter((name) => !SIGN_IN_SCOPES.has(name));
  if (others.length > 0) throw aadsts(28000, { scope });
  const resource = resourceScope.slice(0, -DEFAULT_SCOPE.length);
  if (!resourceScope.endsWith(DEFAULT_SCOPE) || resource === "")
    throw aadsts(1002012, { scope: resourceScope });
  return resource;
}

/** The application that serves the audience, as the tenant knows it. @throws Fault 500011 for one that nothing here serves */
export async function requireServedResource(
  { isOwnUrl, directory }: EntraContext,
  audience: string,
  tenant: Tenant,
): Promise<Client> {
  // Our own URL is what the Azure CLI names when it means Graph.
  const name = isOwnUrl(audience) ? GRAPH_APP_ID : audience;
  const resource = await directory.resource(tenant.id, name);
  if (resource === undefined) throw aadsts(500011, { resource: audience, tenant: tenant.displayName });
  return resource;
}
