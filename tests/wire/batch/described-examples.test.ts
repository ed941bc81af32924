/**
 * Every request that the API descriptions give as an example, sent to a running service in its own api-version: taken, or refused for what the
 * example speaks of and the service does not hold. None is malformed, and none finds the service unable.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operationsOf, type Swagger } from "../../../tools/swagger.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const specs = process.env.BATCHYARD_SPECS;
if (specs === undefined) console.warn("SKIPPED: the descriptions' examples (BATCHYARD_SPECS is not set)");
const DESCRIPTIONS = [
  "Microsoft.Batch/stable/2022-10-01.16.0",
  "Microsoft.Batch/stable/2024-07-01.20.0",
  "Azure.Batch/preview/2024-07-01.20.0",
];
const parsed = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;

/** What of the examples is refused, and why that is right. */
const REFUSED = [
  // They speak of pools, jobs, nodes and files that nobody has made, or that are in another state.
  /^(404|409) /,
  // Properties and operations that the compatibility page names.
  /^501 /,
  // The service gave it up in all versions.
  /^400 PoolUsageMetricAPIRetired /,
  // The certificate's data is made unreadable in the example.
  /^400 InvalidPropertyValue data: POST \/certificates /,
  // No image has the SKU "120_04-lts".
  /^400 InvalidPropertyValue imageReference: POST \/pools .*with containers\)/,
  // Words like "secretsManagementSettingsValue" stand for the settings.
  /^400 InvalidPropertyValue secretsManagementSettings: POST \/pools .*with extensions\)/,
  // Words like "somesource nfs url" and "mount options ver=1.0" stand for a share and its options.
  /^400 InvalidPropertyValue (source|mountOptions): POST \/pools .*[mM]ount/,
  // The job that the examples make does nothing when a task fails.
  /^400 InvalidPropertyValue jobAction: POST \/jobs\/jobId\/tasks /,
];

interface Request {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
}

function requestsOf(description: string): readonly Request[] {
  const file = join(specs ?? "", "specification/batch/data-plane", description, "BatchService.json");
  return operationsOf(parsed<Swagger>(file)).flatMap(({ method, path, operation }) =>
    Object.entries(operation["x-ms-examples"] ?? {}).flatMap(([title, { $ref }]) => {
      const example = join(dirname(file), $ref);
      if (!existsSync(example)) return [];
      const { parameters } = parsed<{ parameters: Record<string, Json> }>(example);
      const body = operation.parameters?.find((one: Json) => one.in === "body");
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(parameters[name] ?? "x"),
      );
      return [{ title, method, path: filled, body: body && parameters[body.name] }];
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

describe.skipIf(!specs).each(DESCRIPTIONS)("examples of %s", (description) => {
  test("are taken, or refused for what is not there", { timeout: 120_000 }, async () => {
    const version = basename(description);
    const seen: string[] = [];
    let sent = 0;
    for (const { title, method, path, body } of requestsOf(description)) {
      const { status, json } = await batch.send(method, path, {
        version,
        ...(body && { body: prepared(path, body) }),
      });
      sent++;
      if (status > 299)
        seen.push(`${status} ${json?.code ?? ""} ${reasonOf(json)}: ${method} ${path} (${title})`);
    }
    expect(sent).toBeGreaterThan(60);
    const isExplained = (line: string) => REFUSED.some((refused) => refused.test(line));
    expect(seen.filter((line) => !isExplained(line))).toEqual([]);
  });
});
