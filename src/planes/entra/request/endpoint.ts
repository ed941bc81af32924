/**
 * What an endpoint of the token service is, and what it gets: the services behind the plane and one request's context. An
 * endpoint registers itself by being exported and listed in `entra-plane.ts`.
 */
import type { SignInLog } from "../../../app/access/sign-in-log.ts";
import type { AccessTokens } from "../../../app/directory/access-token.ts";
import type { Tenant } from "../../../app/directory/directory.ts";
import type { IdTokens } from "../../../app/directory/id-token.ts";
import type { PublicJwk } from "../../../app/directory/signing-keys.ts";
import { aadsts } from "../../../app/sign-in/aadsts.ts";
import type { SignIn } from "../../../app/sign-in/sign-in.ts";
import type { Exchange } from "../../../http/exchange.ts";

export interface EntraServices extends SignIn {
  readonly signIns: SignInLog;
  readonly accessTokens: AccessTokens;
  readonly idTokens: IdTokens;
  readonly publishedKeys: () => readonly PublicJwk[];
  /** Whether this URL, given as a resource, is one of our own listeners. */
  readonly isOwnUrl: (url: string) => boolean;
  /** Whether this `host[:port]` answers sign-in here. */
  readonly isOwnAuthority: (host: string) => boolean;
  /** Where a browser reaches the pages without trusting our CA; undefined: where it reached us. No slash at its end. */
  readonly pagesOrigin: () => string | undefined;
  /** All ports at which a browser may have signed in. */
  readonly pagePorts: () => readonly number[];
  /** Where the portal's pages are served, each as a browser writes an origin. */
  readonly portalOrigins: () => readonly string[];
  /** Authenticates the pages' forms. */
  readonly pageKey: Uint8Array;
}

export interface EntraContext extends EntraServices {
  readonly exchange: Exchange;
  /** The path's first segment, decoded: a tenant's id or domain, or `common`, `organizations`, `adfs`. */
  readonly tenantName: string;
  /** The path behind the tenant: lower-case, without slashes around it. */
  readonly path: string;
}

export interface Endpoint {
  readonly methods: readonly ("GET" | "POST" | "OPTIONS")[];
  /** Behind the tenant, lower-case; a `*` at the end stands for one further segment. */
  readonly paths: readonly string[];
  /** Errors use discovery's words. */
  readonly isDiscovery?: boolean;
  /** Answers browsers, with pages; errors are pages too. */
  readonly isPage?: boolean;
  handle(context: EntraContext): void | Promise<void>;
}

/** Names that an authority URL may carry instead of a tenant's. `adfs` is not among them: here it is the default tenant. */
export const isTenantless = (name: string): boolean => /^(common|organizations|consumers)$/i.test(name);

const NIL_GUID = "00000000-0000-0000-0000-000000000000";
const GUID_OR_DNS_NAME =
  /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|adfs|common|organizations|consumers|([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63})$/i;

/** @throws Fault for a name that is malformed (900023), empty (900021) or unknown (90002) */
export async function requireTenant({ directory, tenantName: tenant }: EntraContext): Promise<Tenant> {
  const found = await directory.tenant(tenant);
  if (found !== undefined) return found;
  if (tenant === NIL_GUID) throw aadsts(900021, { tenant });
  throw aadsts(GUID_OR_DNS_NAME.test(tenant) ? 90002 : 900023, { tenant });
}

/** Where users must be from; undefined lets the user tell. @throws as `requireTenant` */
export async function requestedTenant(context: EntraContext): Promise<Tenant | undefined> {
  const tenant = await requireTenant(context);
  return isTenantless(context.tenantName) ? undefined : tenant;
}
