/** A recording of api-versions on a running service, over its own management addresses. */
import type { VersionReport } from "../../../src/wire/versions/versions-api.ts";
import type { BatchClient, Json } from "../batch-client.fixture.ts";
import { send } from "../raw-request.fixture.ts";
import type { RunningService } from "../running-service.fixture.ts";

export interface Recording {
  readonly id: string;
  /** Ends it. @param to default: 2025-06-01 */
  stop(to?: string): Promise<VersionReport>;
}

type ManagementReply = Promise<{ readonly status: number; readonly json: Json }>;

/** As the first application. @param path with its api-version */
export async function management(
  service: RunningService,
  batch: BatchClient,
  method: string,
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): ManagementReply {
  const { clientId, clientSecret } = service.ready as Json;
  const token = await batch.token({ clientId, clientSecret }, "https://management.azure.com/");
  return send(
    { main: { port: Number(new URL(service.ready.management).port) }, ca: service.ca },
    {
      method,
      path,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
  );
}

export function versionsApi(
  service: RunningService,
  batch: BatchClient,
  method: string,
  path: string,
  body?: object,
): ManagementReply {
  const own = `/providers/Batchyard.Versions/${path}${path.includes("?") ? "&" : "?"}api-version=2026-01-01`;
  return management(service, batch, method, own, body);
}

export async function recordVersions(
  service: RunningService,
  batch: BatchClient,
  wanted: object = {},
): Promise<Recording> {
  const scope = `/subscriptions/${service.ready.subscriptionId}`;
  const { status, json } = await versionsApi(service, batch, "POST", "recordings", {
    scope,
    seconds: 600,
    ...wanted,
  });
  if (status !== 200) throw new Error(JSON.stringify(json));
  return {
    id: json.id,
    stop: async (to = "2025-06-01") => {
      const ended = await versionsApi(service, batch, "DELETE", `recordings/${json.id}?to=${to}`);
      if (ended.status !== 200) throw new Error(JSON.stringify(ended.json));
      return ended.json.report;
    },
  };
}
