/**
 * Every request that the API descriptions give as an example, sent to a running service in its own api-version, what it speaks of being there
 * where that can be made: answered as the example says, or refused for a reason that stands here. 2025-06-01 and 2026-10-01, of which no
 * examples are at hand, are sent those of the description before them, which was written for the same libraries.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operationsOf, type Swagger } from "../../../tools/swagger.ts";
import { jobBody, poolBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const specs = process.env.BATCHYARD_SPECS;
if (specs === undefined) console.warn("SKIPPED: the descriptions' examples (BATCHYARD_SPECS is not set)");

const SWAGGER = "Microsoft.Batch/stable";
const TYPESPEC = "Azure.Batch/preview/2024-07-01.20.0";
/** With how many examples there are, and how many are answered as they say. */
const SENT: readonly (readonly [description: string, version: string, sent: number, asSaid: number])[] = [
  [`${SWAGGER}/2022-10-01.16.0`, "2022-10-01.16.0", 89, 56],
  [`${SWAGGER}/2024-07-01.20.0`, "2024-07-01.20.0", 100, 66],
  [TYPESPEC, "2024-07-01.20.0", 93, 63],
  [TYPESPEC, "2025-06-01", 93, 60],
  [TYPESPEC, "2026-10-01", 93, 60],
];
const parsed = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;

/** What of the examples is refused, and why that is right. */
const REFUSED = [
  // They name a node, or a file of a task that has not run, by what no service gives.
  /^404 (NodeNotFound|FileNotFound|ResourceNotFound|OperationInvalidForCurrentState|) .*\/(nodes|files)\//,
  /^409 OperationInvalidForCurrentState : (GET|HEAD|DELETE) .*\/files/,
  /^404 .*: GET \/applications\/my_application_id /,
  // Nobody has a certificate of this thumbprint.
  /^404 CertificateNotFound .*\/certificates\(/,
  // No task has run, and no node has the name.
  /^404 NodeNotFound : GET \/jobs\/jobId\/tasks\/taskId\/files /,
  /^404 NodeNotFound : POST \/pools\/poolId\/removenodes /,
  // Nothing is being resized, nothing scales by itself, and no task has failed when the example comes.
  /^409 \w+ .*: POST \/pools\/\w+\/(stopresize|evaluateautoscale|disableautoscale|removenodes) /,
  /^409 \w+ .*: POST \/jobs\/jobId\/tasks\/\w+\/reactivate /,
  // Properties and operations that the compatibility page names.
  /^501 /,
  // The service gave it up in all versions.
  /^400 PoolUsageMetricAPIRetired /,
  // The certificate's data is made unreadable in the example.
  /^400 InvalidPropertyValue data: POST \/certificates /,
  // No image has the SKU "120_04-lts".
  /^400 InvalidPropertyValue imageReference: POST \/pools .*with containers\)/,
  // Words like "somesource nfs url" and "mount options ver=1.0" stand for a share and its options.
  /^400 InvalidPropertyValue (source|mountOptions): POST \/pools .*[mM]ount/,
  // Words like "secretsManagementSettingsValue" stand for the settings.
  /^400 InvalidPropertyValue secretsManagementSettings: POST \/pools .*with extensions\)/,
];

/** Of what came before them: what they dropped. */
const DROPPED: Readonly<Record<string, readonly RegExp[]>> = {
  "2025-06-01": [
    /^400 InvalidRequestBody (resourceTags|targetNodeCommunicationMode|certificateReferences|storageAccountType)/,
  ],
  "2026-10-01": [
    /^400 InvalidRequestBody (resourceTags|targetNodeCommunicationMode|certificateReferences|storageAccountType)/,
    /^400 InvalidUri : GET \/poolusagemetrics /,
  ],
};

interface Request {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly statuses: readonly string[];
}

function requestsOf(description: string): readonly Request[] {
  const file = join(specs ?? "", "specification/batch/data-plane", description, "BatchService.json");
  return operationsOf(parsed<Swagger>(file)).flatMap(({ method, path, operation }) =>
    Object.entries(operation["x-ms-examples"] ?? {}).flatMap(([title, { $ref }]) => {
      const example = join(dirname(file), $ref);
      if (!existsSync(example)) return [];
      const { parameters, responses } = parsed<{ parameters: Record<string, Json>; responses: object }>(
        example,
      );
      const body = operation.parameters?.find((one: Json) => one.in === "body");
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(parameters[name] ?? "x"),
      );
      const statuses = Object.keys(responses);
      return [{ title, method, path: filled, parameters, body: body && parameters[body.name], statuses }];
    }),
  );
}

/** Nobody is to wait for nodes here, and a password is to be one that can be searched for. */
function prepared(path: string, body: object): object {
  const small = path === "/pools" ? { targetDedicatedNodes: 0, targetLowPriorityNodes: 0 } : {};
  const withSecrets = (key: string, value: unknown) => (key === "password" ? "Ex4mple-of-a-secret!" : value);
  return { ...JSON.parse(JSON.stringify(body, withSecrets)), ...small };
}

const reasonOf = (json: Json): string =>
  json?.values?.find(({ key }: { key: string }) => key === "PropertyName")?.value ?? "";

let service: RunningService;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

async function remove(path: string): Promise<void> {
  const { status } = await batch.send("DELETE", path);
  if (status !== 404) await batch.untilGone(path);
}

/** There, and as it was made: what an example before it ended is made anew. */
async function ensure(collection: string, body: { readonly id: string }): Promise<void> {
  const path = `${collection}/${body.id}`;
  const { status, json } = await batch.send("GET", path);
  if (status === 200 && json.state === "active") return;
  if (status === 200) await remove(path);
  await batch.post(collection, body);
}

/** What the example speaks of is there; what it makes is not. */
async function arrange({ method, path, parameters, body }: Request): Promise<void> {
  const { poolId, jobId, taskId, jobScheduleId } = parameters;
  if (poolId) await ensure("/pools", poolBody(poolId, { targetDedicatedNodes: 0 }));
  // An example before may have had it resized.
  if (path.endsWith("/resize"))
    await batch.until(`/pools/${poolId}`, ({ allocationState }) => allocationState === "steady");
  if (jobId) {
    // Always anew: an example before may have it end with its tasks, of which it has none.
    await remove(`/jobs/${jobId}`);
    const preparation = { commandLine: "true" };
    const change = { onTaskFailure: "performexitoptionsjobaction", jobPreparationTask: preparation };
    await batch.post("/jobs", jobBody(jobId, "poolId", change));
  }
  if (jobScheduleId)
    await ensure("/jobschedules", {
      id: jobScheduleId,
      schedule: { doNotRunUntil: "2099-01-01T00:00:00Z" },
      jobSpecification: { poolInfo: { poolId: "poolId" } },
    } as { id: string });
  if (taskId) await ensure(`/jobs/${jobId}/tasks`, { id: taskId, commandLine: "true" } as { id: string });
  if (method === "POST" && body?.id !== undefined && /^\/(pools|jobs|jobschedules)$|\/tasks$/.test(path))
    await remove(`${path}/${body.id}`);
}

describe.skipIf(!specs).each(SENT)("examples of %s, as %s", (description, version, sent, asSaid) => {
  test("are answered as they say, or refused for what is said here", { timeout: 300_000 }, async () => {
    const requests = requestsOf(description);
    const others: string[] = [];
    for (const request of requests) {
      const { title, method, path, body, statuses } = request;
      await arrange(request);
      const { status, json } = await batch.send(method, path, {
        version,
        ...(body && { body: prepared(path, body) }),
      });
      if (!statuses.includes(String(status)))
        others.push(`${status} ${json?.code ?? ""} ${reasonOf(json)}: ${method} ${path} (${title})`);
    }
    const reasons = [...REFUSED, ...(DROPPED[version] ?? [])];
    expect(others.filter((line) => !reasons.some((reason) => reason.test(line)))).toEqual([]);
    expect([requests.length, requests.length - others.length]).toEqual([sent, asSaid]);
  });
});
