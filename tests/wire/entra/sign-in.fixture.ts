/** A front door with people and applications behind it, and the steps of signing in as a program takes them. */
import { createHash, randomBytes } from "node:crypto";
import {
  type Application,
  applicationCreate,
  applicationUpdate,
  USER_READ,
} from "../../../src/app/directory/application.ts";
import { generateSecret, type NewSecret, secretAdd } from "../../../src/app/directory/client-secret.ts";
import { directoryRoleMemberAdd } from "../../../src/app/directory/directory-role.ts";
import { seedDirectory } from "../../../src/app/directory/seed.ts";
import { servicePrincipalCreate } from "../../../src/app/directory/service-principal.ts";
import { type User, userCreate } from "../../../src/app/directory/user.ts";
import { GLOBAL_ADMINISTRATOR } from "../../../src/wire/entra/directory-roles.ts";
import { BATCH_APP_ID, BATCH_USER_IMPERSONATION_ID } from "../../../src/wire/entra/first-party.ts";
import type { Registration, SignInAudience } from "../../../src/wire/entra/registration.ts";
import { TestBrowser, type Visit } from "../browser.fixture.ts";
import { type FrontDoor, openFrontDoor } from "../front-door.fixture.ts";
import { postForm, type RawReply } from "../raw-request.fixture.ts";

export const BATCH = "https://batch.core.windows.net/";
export const BATCH_SCOPE = `${BATCH}/.default openid profile offline_access`;
export const REDIRECT = "http://localhost:5005/back";
export const WEB_REDIRECT = "https://web.example/back";
export const SPA_REDIRECT = "https://spa.example/back";

export const BATCH_PERMISSION = {
  resourceAppId: BATCH_APP_ID,
  resourceAccess: [{ id: BATCH_USER_IMPERSONATION_ID, type: "Scope" as const }],
};

export interface SignInDoor extends FrontDoor {
  readonly ann: User;
  readonly admin: User;
  readonly password: string;
  /** Public, of several tenants, with the Batch permission registered, on every platform. */
  readonly app: Application;
  /** Where `ann` is not from. */
  readonly otherTenantId: string;
  register(registration: Partial<Registration>, audience?: SignInAudience): Promise<Application>;
  secretFor(appId: string): Promise<string>;
}

export async function openSignInDoor(): Promise<SignInDoor> {
  const door = await openFrontDoor();
  const { directory, tenantId, clock } = door;
  const password = "correct horse battery";
  const person = (name: string) =>
    userCreate(
      directory,
      tenantId,
      { userPrincipalName: `${name}@test.example`, displayName: name, password },
      clock(),
    );
  const ann = await person("ann");
  const admin = await person("admin");
  await directoryRoleMemberAdd(directory, tenantId, GLOBAL_ADMINISTRATOR.templateId, admin.objectId);
  const otherTenantId = "99999999-9999-4999-8999-999999999999";
  await seedDirectory(
    directory,
    { tenantId: otherTenantId, displayName: "Other", domains: ["elsewhere.example"] },
    clock(),
  );
  const register = async (
    registration: Partial<Registration>,
    signInAudience: SignInAudience = "AzureADMyOrg",
  ) => {
    const given = { displayName: "An application", signInAudience, registration };
    const created = await applicationCreate(directory, tenantId, given, clock());
    await servicePrincipalCreate(directory, tenantId, created.appId, clock());
    return created;
  };
  const base = await register(
    {
      publicClient: { redirectUris: ["http://localhost/back", "myapp://back"] },
      isFallbackPublicClient: true,
      requiredResourceAccess: [USER_READ, BATCH_PERMISSION],
    },
    "AzureADMultipleOrgs",
  );
  const { web } = base.registration;
  const app = await applicationUpdate(directory, tenantId, base.appId, {
    registration: {
      web: {
        ...web,
        redirectUris: [WEB_REDIRECT],
        implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false },
      },
      spa: { redirectUris: [SPA_REDIRECT] },
    },
  });
  return {
    ...door,
    ann,
    admin,
    password,
    app,
    otherTenantId,
    register,
    secretFor: async (appId) => {
      const secret: NewSecret = {
        keyId: randomBytes(8).toString("hex"),
        secret: generateSecret(),
        displayName: null,
        startAt: clock(),
        endAt: null,
      };
      await secretAdd(directory, appId, secret);
      return secret.secret;
    },
  };
}

export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export function pkce(): Pkce {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

export type Parameters = Readonly<Record<string, string | undefined>>;

export function authorizeUrl(door: SignInDoor, parameters: Parameters = {}, tenant = door.tenantId): string {
  const all = {
    client_id: door.app.appId,
    response_type: "code",
    redirect_uri: REDIRECT,
    scope: BATCH_SCOPE,
    state: "s t&te",
    ...parameters,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(all)) if (value !== undefined) query.set(name, value);
  const version = all.scope === undefined ? "" : "v2.0/";
  return `http://localhost:${door.plain.port}/${tenant}/oauth2/${version}authorize?${query}`;
}

/** Ann signs in and agrees; what came back in the query. */
export async function signInForCode(
  door: SignInDoor,
  parameters: Parameters = {},
  tenant = door.tenantId,
  browser = new TestBrowser(door),
): Promise<{ readonly visit: Visit; readonly answer: URLSearchParams }> {
  const account = { username: "ann@test.example", password: door.password };
  const visit = await browser.signIn(authorizeUrl(door, parameters, tenant), account);
  return { visit, answer: visit.left?.searchParams ?? new URLSearchParams() };
}

export function redeem(
  door: SignInDoor,
  code: string,
  form: Parameters = {},
  { tenant = door.tenantId, headers = {} }: { tenant?: string; headers?: Record<string, string> } = {},
): Promise<RawReply> {
  return tokenRequest(
    door,
    { grant_type: "authorization_code", code, redirect_uri: REDIRECT, client_id: door.app.appId, ...form },
    tenant,
    headers,
  );
}

export function refresh(door: SignInDoor, token: string, form: Parameters = {}, tenant = door.tenantId) {
  return tokenRequest(
    door,
    { grant_type: "refresh_token", refresh_token: token, client_id: door.app.appId, ...form },
    tenant,
  );
}

export function tokenRequest(
  door: SignInDoor,
  form: Parameters,
  tenant = door.tenantId,
  headers: Record<string, string> = {},
): Promise<RawReply> {
  const given = Object.entries(form).filter(([, value]) => value !== undefined) as [string, string][];
  const path = form.resource === undefined ? "oauth2/v2.0/token" : "oauth2/token";
  return postForm(door, `/${tenant}/${path}`, new URLSearchParams(given).toString(), headers);
}
