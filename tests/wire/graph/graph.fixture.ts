/** Two tenants behind the front door, and callers of Graph in the first: applications of some permissions, users of some roles. */
import { hash, type KeyObject, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import {
  APPLICATION_ADMINISTRATOR,
  GLOBAL_ADMINISTRATOR,
  USER_ADMINISTRATOR,
} from "../../../src/wire/entra/directory-roles.ts";
import { AZURE_CLI_APP_ID } from "../../../src/wire/entra/first-party.ts";
import { OWNER } from "../../../src/wire/rbac/built-in-roles.ts";
import { type Application, application, openManagement, tenant } from "../management.fixture.ts";
import { postForm, type RawReply, send } from "../raw-request.fixture.ts";

export const HOME = "aaaaaaaa-0000-4000-8000-00000000000a";
export const ABROAD = "bbbbbbbb-0000-4000-8000-00000000000b";
const SUBSCRIPTION = "cccccccc-0000-4000-8000-00000000000c";
const PASSWORD = "correct horse battery";

/** Object ids of users, by the name before the @. */
export type People = Readonly<Record<"admin" | "appAdmin" | "userAdmin" | "member", string>>;

export interface Graph {
  readonly people: People;
  readonly domain: string;
  /** What the first start's application holds. */
  readonly manager: Application;
  readonly reader: Application;
  readonly nobody: Application;
  readonly foreigner: Application;
  readonly tokens: Readonly<Record<keyof People | "manager" | "reader" | "nobody" | "foreigner", string>>;
  /** @param headers sent with every request */
  as(token: string | undefined, headers?: Readonly<Record<string, string>>): GraphClient;
  /** @returns the whole reply of the token endpoint */
  signIn(clientId: string, clientSecret: string, tenantId?: string): Promise<RawReply>;
  passwordSignIn(name: string, password: string): Promise<RawReply>;
  /** By a signed assertion. @param certificate DER */
  assertionSignIn(clientId: string, certificate: Buffer, privateKey: KeyObject): Promise<RawReply>;
  refresh(refreshToken: string): Promise<RawReply>;
  advance(milliseconds: number): void;
  readonly log: readonly string[];
  /** What the audit log holds so far. */
  audit(): Promise<string>;
  /** Everything in the data folder's files. */
  stored(): string;
  /** A managed identity, as its service principal. */
  newIdentity(): Promise<{ readonly id: string; readonly appId: string }>;
  close(): Promise<void>;
}

export interface GraphClient {
  get(path: string): Promise<RawReply>;
  post(path: string, body: unknown): Promise<RawReply>;
  patch(path: string, body: unknown): Promise<RawReply>;
  delete(path: string): Promise<RawReply>;
}

export async function openGraph(): Promise<Graph> {
  const domain = `${HOME.slice(0, 8)}.example`;
  const applications = Array.from({ length: 3 }, () => application(HOME));
  const [manager, reader, nobody] = applications as [Application, Application, Application];
  const foreigner = application(ABROAD);
  // Nobody in the directory, and owner of the subscription.
  const owner = nobody;
  const permissions = [
    [
      "Application.ReadWrite.All",
      "User.ReadWrite.All",
      "Group.ReadWrite.All",
      "Directory.Read.All",
      "DelegatedPermissionGrant.ReadWrite.All",
      "AppRoleAssignment.ReadWrite.All",
    ],
    ["Directory.Read.All"],
    [],
  ];
  const roles = { admin: [GLOBAL_ADMINISTRATOR], appAdmin: [APPLICATION_ADMINISTRATOR] };
  const people = {
    admin: randomUUID(),
    appAdmin: randomUUID(),
    userAdmin: randomUUID(),
    member: randomUUID(),
  };
  const user = (name: keyof People, directoryRoles: readonly { templateId: string }[]) => ({
    objectId: people[name],
    userPrincipalName: `${name}@${domain}`,
    displayName: name,
    password: PASSWORD,
    directoryRoles: directoryRoles.map(({ templateId }) => templateId),
  });
  const home = tenant(HOME, applications);
  const abroad = tenant(ABROAD, [foreigner]);
  const service = await openManagement(
    {
      tenants: [
        {
          ...home,
          applications: home.applications.map((each, index) => ({
            ...each,
            graphAppRoles: permissions[index] ?? [],
          })),
          users: [
            user("admin", roles.admin),
            user("appAdmin", roles.appAdmin),
            user("userAdmin", [USER_ADMINISTRATOR]),
            user("member", []),
          ],
        },
        {
          ...abroad,
          applications: abroad.applications.map((each) => ({ ...each, graphAppRoles: permissions[0] ?? [] })),
        },
      ],
      subscriptions: [{ subscriptionId: SUBSCRIPTION, tenantId: HOME, displayName: "Lab" }],
      accounts: [],
      roleAssignments: [
        {
          tenantId: HOME,
          principalId: owner.objectId,
          principalType: "ServicePrincipal",
          roleDefinitionId: OWNER.name,
          scope: `/subscriptions/${SUBSCRIPTION}`,
        },
      ],
    },
    () => undefined,
  );
  const signIn = (
    clientId: string,
    clientSecret: string,
    tenantId = HOME,
    scope = "https://graph.microsoft.com/.default",
  ) =>
    postForm(service, `/${tenantId}/oauth2/v2.0/token`, {
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope,
    });
  const passwordSignIn = (name: string, password: string) =>
    postForm(service, `/${HOME}/oauth2/v2.0/token`, {
      grant_type: "password",
      client_id: AZURE_CLI_APP_ID,
      username: name.includes("@") ? name : `${name}@${domain}`,
      password,
      scope: "https://graph.microsoft.com//.default openid offline_access",
    });
  const tokenOf = (reply: RawReply): string => {
    if (reply.status !== 200) throw new Error(`no token: ${reply.text}`);
    return reply.json.access_token;
  };
  const names = Object.keys(people) as (keyof People)[];
  const ofUsers = await Promise.all(
    names.map(async (name) => [name, tokenOf(await passwordSignIn(name, PASSWORD))] as const),
  );
  const ofApplications = await Promise.all(
    Object.entries({ manager, reader, nobody, foreigner }).map(
      async ([name, { clientId, clientSecret, tenantId }]) =>
        [name, tokenOf(await signIn(clientId, clientSecret, tenantId))] as const,
    ),
  );
  return {
    people,
    domain,
    manager,
    reader,
    nobody,
    foreigner,
    tokens: Object.fromEntries([...ofUsers, ...ofApplications]) as Graph["tokens"],
    as: (token, more = {}) => {
      const call = (method: string, path: string, body?: unknown) => {
        const isWhole = /^\/(v1\.0|beta)\//.test(path);
        return send(service, {
          host: "graph.microsoft.com",
          method,
          path: isWhole ? path : `/v1.0${path}`,
          headers: {
            ...more,
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...(body !== undefined && { "content-type": "application/json" }),
          },
          ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
        });
      };
      return {
        get: (path) => call("GET", path),
        post: (path, body) => call("POST", path, body),
        patch: (path, body) => call("PATCH", path, body),
        delete: (path) => call("DELETE", path),
      };
    },
    signIn,
    passwordSignIn,
    assertionSignIn: async (clientId, certificate, privateKey) => {
      const path = `/${HOME}/oauth2/v2.0/token`;
      const assertion = await new SignJWT({ sub: clientId, iss: clientId, jti: randomUUID() })
        .setProtectedHeader({ alg: "RS256", x5t: hash("sha1", certificate, "base64url") })
        .setAudience(`https://localhost:${service.main.port}${path}`)
        .setIssuedAt()
        .setExpirationTime("10m")
        .sign(privateKey);
      return postForm(service, path, {
        grant_type: "client_credentials",
        client_id: clientId,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: assertion,
        scope: "https://graph.microsoft.com/.default",
      });
    },
    refresh: (refreshToken) =>
      postForm(service, `/${HOME}/oauth2/v2.0/token`, {
        grant_type: "refresh_token",
        client_id: AZURE_CLI_APP_ID,
        refresh_token: refreshToken,
      }),
    advance: service.advance,
    log: service.log,
    audit: service.audit,
    stored: service.stored,
    newIdentity: async () => {
      const token = tokenOf(
        await signIn(owner.clientId, owner.clientSecret, HOME, "https://management.azure.com/.default"),
      );
      const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab`;
      const put = (path: string, version: string) =>
        send(service, {
          method: "PUT",
          path: `${path}?api-version=${version}`,
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify({ location: "westeurope" }),
        });
      await put(group, "2021-04-01");
      const path = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1`;
      const { json, text } = await put(path, "2023-01-31");
      if (json?.properties === undefined) throw new Error(`no identity: ${text}`);
      return { id: json.properties.principalId, appId: json.properties.clientId };
    },
    close: () => service.close(),
  };
}
