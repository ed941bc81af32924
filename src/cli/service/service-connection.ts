/**
 * Everything a client needs to use a running service. Endpoints come from `service.json`, the first application's secret
 * from `credentials.json`; the account key is asked for over HTTP, as that application, like any client would.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServiceCredentials, ServiceEndpoints, ServiceFile } from "../../client/service-endpoints.ts";
import { CommandError } from "../command/exit-code.ts";
import { HttpStatusError, requestJson } from "../connect/http-json.ts";

export interface ServiceConnection extends ServiceEndpoints, ServiceCredentials {
  /** Null where there is no secret to ask with, or the application may not list keys. */
  readonly accountKey: string | null;
}

export async function serviceConnection(
  service: ServiceFile,
  dataFolder: string,
): Promise<ServiceConnection> {
  const credentials = await readCredentials(dataFolder);
  return { ...service, ...credentials, accountKey: await askAccountKey(service, credentials) };
}

export async function readCredentials(dataFolder: string): Promise<ServiceCredentials> {
  const none = { clientId: null, clientSecret: null, username: null, password: null };
  try {
    return { ...none, ...JSON.parse(await readFile(join(dataFolder, "credentials.json"), "utf8")) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return none;
    throw error;
  }
}

/** The operation is Azure Resource Manager's `BatchAccount_GetKeys`. */
async function askAccountKey(
  service: ServiceEndpoints,
  { clientId, clientSecret }: ServiceCredentials,
): Promise<string | null> {
  if (clientId === null || clientSecret === null) return null;
  const ca = await readFile(service.caFile, "utf8");
  try {
    const token = (await requestJson(`${service.login}/${service.tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope: "https://management.azure.com/.default",
      }).toString(),
      ca,
    })) as { readonly access_token: string };
    const account =
      `/subscriptions/${service.subscriptionId}/resourceGroups/${service.resourceGroup}` +
      `/providers/Microsoft.Batch/batchAccounts/${service.account}`;
    const keys = (await requestJson(`${service.management}${account}/listKeys?api-version=2023-11-01`, {
      method: "POST",
      headers: { authorization: `Bearer ${token.access_token}` },
      ca,
    })) as { readonly primary: string };
    return keys.primary;
  } catch (error) {
    if (error instanceof HttpStatusError && [400, 401, 403, 404, 409].includes(error.status)) return null;
    throw new CommandError(`cannot get the account key: ${(error as Error).message}`);
  }
}
