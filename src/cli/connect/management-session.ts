/**
 * Requests to the service's Resource Manager and Microsoft Graph, signed in with what the data folder holds: the first application for questions, the
 * administrator for changes of roles where it can sign in. Turns a refusal into one line for the user.
 */

import { readFile } from "node:fs/promises";
import type { ServiceCredentials, ServiceEndpoints, ServiceFile } from "../../client/service-endpoints.ts";
import { ACCESS_API_VERSION } from "../../wire/access/access-api.ts";
import { VERSIONS_API_VERSION } from "../../wire/versions/versions-api.ts";
import { CommandError } from "../command/exit-code.ts";
import { readCredentials } from "../service/service-connection.ts";
import { AZURE_CLI_CLIENT_ID } from "./azure-cli-client.ts";
import { HttpStatusError, type JsonRequest, requestJson } from "./http-json.ts";

export const RBAC_VERSION = "2022-04-01";
const MANAGEMENT_SCOPE = "https://management.azure.com/.default";
const GRAPH_SCOPE = "https://graph.microsoft.com/.default";

export interface ManagementSession {
  readonly service: ServiceEndpoints;
  /** Application id or user name. */
  readonly signedInAs: string;
  /** @param path with its api-version. @throws CommandError with the service's message */
  send<Reply>(method: NonNullable<JsonRequest["method"]>, path: string, body?: object): Promise<Reply>;
}

/** @throws CommandError when nobody can sign in */
export function managementSession(
  service: ServiceFile,
  dataFolder: string,
  as: "application" | "administrator" = "application",
): Promise<ManagementSession> {
  return session(service, dataFolder, { as, scope: MANAGEMENT_SCOPE, base: service.management });
}

/**
 * Paths begin after Microsoft Graph's version.
 * @throws CommandError when nobody can sign in
 */
export function graphSession(service: ServiceFile, dataFolder: string): Promise<ManagementSession> {
  const base = `${service.graph}/v1.0`;
  return session(service, dataFolder, { as: "administrator", scope: GRAPH_SCOPE, base });
}

async function session(
  service: ServiceFile,
  dataFolder: string,
  {
    as,
    scope,
    base,
  }: { readonly as: "application" | "administrator"; readonly scope: string; readonly base: string },
): Promise<ManagementSession> {
  const ca = await readFile(service.caFile, "utf8");
  const { token, name } = await signIn(service, await readCredentials(dataFolder), ca, { as, scope });
  return {
    service,
    signedInAs: name,
    send: async <Reply>(method: NonNullable<JsonRequest["method"]>, path: string, body?: object) => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      };
      const url = `${base}${path}`;
      try {
        return (await requestJson(url, {
          method,
          headers,
          ca,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        })) as Reply;
      } catch (error) {
        throw error instanceof HttpStatusError ? new CommandError(messageOf(error)) : error;
      }
    },
  };
}

type OwnQuery = Readonly<Record<string, string | undefined>>;

/** The path of a question about access. @param path below `/providers/Batchyard.Access/` */
export function accessPath(path: string, query: OwnQuery = {}): string {
  return ownPath(`Batchyard.Access/${path}`, ACCESS_API_VERSION, query);
}

/** The path of a question about what programs use of their api-versions. @param path below `/providers/Batchyard.Versions/` */
export function versionsPath(path: string, query: OwnQuery = {}): string {
  return ownPath(`Batchyard.Versions/${path}`, VERSIONS_API_VERSION, query);
}

function ownPath(path: string, apiVersion: string, query: OwnQuery): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/providers/${path}?${new URLSearchParams([["api-version", apiVersion], ...given])}`;
}

/** The ARM id of the service's first account. */
export function accountScope({ subscriptionId, resourceGroup, account }: ServiceEndpoints): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Batch/batchAccounts/${account}`;
}

async function signIn(
  service: ServiceFile,
  credentials: ServiceCredentials,
  ca: string,
  { as, scope }: { readonly as: "application" | "administrator"; readonly scope: string },
): Promise<{ readonly token: string; readonly name: string }> {
  const { clientId, clientSecret, username, password } = credentials;
  const forms: Record<string, string>[] = [];
  if (username !== null && password !== null) {
    forms.push({ grant_type: "password", client_id: AZURE_CLI_CLIENT_ID, username, password, scope });
  }
  if (clientId !== null && clientSecret !== null) {
    const application = {
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope,
    };
    if (as === "application") forms.unshift(application);
    else forms.push(application);
  }
  for (const form of forms) {
    const token = await tokenFor(service, form, ca);
    if (token !== undefined) return { token, name: form.username ?? form.client_id ?? "" };
  }
  throw new CommandError(
    "nobody can sign in: credentials.json in the data folder is gone or no longer valid",
  );
}

async function tokenFor(
  service: ServiceFile,
  form: Record<string, string>,
  ca: string,
): Promise<string | undefined> {
  try {
    const reply = await requestJson(`${service.login}/${service.tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
      ca,
    });
    return (reply as { readonly access_token: string }).access_token;
  } catch (error) {
    if (error instanceof HttpStatusError && [400, 401].includes(error.status)) return undefined;
    throw error;
  }
}

function messageOf({ content, message }: HttpStatusError): string {
  try {
    const { error } = JSON.parse(content) as {
      readonly error: { readonly code: string; readonly message: string };
    };
    // Batch's provider writes the request's id and time below its message.
    return `${error.code}: ${error.message.split("\nRequestId:", 1)[0]}`;
  } catch {
    return message;
  }
}
