/**
 * Every request that the API descriptions give as an example, sent to a running service in its own api-version, what it speaks of being there
 * where that can be made: answered as the example says, or refused for a reason that stands here. Nodes' ids and a certificate's thumbprint
 * are those that are there. 2025-06-01 and 2026-10-01, of which no examples are at hand, are sent those of the description before them, which
 * was written for the same libraries.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operationsOf, type Swagger } from "../../../tools/swagger.ts";
import { loginObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { type Example, ExampleArrangements } from "./example-arrangements.fixture.ts";

const specs = process.env.BATCHYARD_SPECS;
if (specs === undefined) console.warn("SKIPPED: the descriptions' examples (BATCHYARD_SPECS is not set)");

const SWAGGER = "Microsoft.Batch/stable";
const TYPESPEC = "Azure.Batch/preview/2024-07-01.20.0";
/** With how many examples there are, and how many are answered as they say. */
const SENT: readonly (readonly [description: string, version: string, sent: number, asSaid: number])[] = [
  [`${SWAGGER}/2022-10-01.16.0`, "2022-10-01.16.0", 89, 79],
  [`${SWAGGER}/2024-07-01.20.0`, "2024-07-01.20.0", 100, 91],
  [TYPESPEC, "2024-07-01.20.0", 93, 85],
  [TYPESPEC, "2025-06-01", 93, 82],
  [TYPESPEC, "2026-10-01", 93, 82],
];
const parsed = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;

/** What of the examples is refused, and why that is right. */
const REFUSED = [
  // Words like "secretsManagementSettingsValue" stand for the settings.
  /^400 InvalidPropertyValue secretsManagementSettings: POST \/pools .*with extensions\)/,
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
  // The users' time was over years ago.
  /^400 InvalidPropertyValue expiryTime: (POST|PUT) \/pools\/poolId\/nodes\/\w+\/users/,
];

/** Where users cannot log in to nodes, these say so, and no user has been added. */
const NO_LOGIN =
  loginObstacle === undefined
    ? []
    : [/^(409|404 NodeUserNotFound) .*\/nodes\/\w+\/(users|remoteloginsettings)/];

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

function examplesOf(description: string): readonly Example[] {
  const file = join(specs ?? "", "specification/batch/data-plane", description, "BatchService.json");
  return operationsOf(parsed<Swagger>(file)).flatMap(({ method, path, operation }) =>
    Object.entries(operation["x-ms-examples"] ?? {}).flatMap(([title, { $ref }]) => {
      const example = join(dirname(file), $ref);
      if (!existsSync(example)) return [];
      const { parameters, responses } = parsed<{ parameters: Record<string, Json>; responses: object }>(
        example,
      );
      const body = operation.parameters?.find((one: Json) => one.in === "body");
      const statuses = Object.keys(responses);
      return [{ title, method, path, parameters, body: body && parameters[body.name], statuses }];
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

const filled = ({ path, parameters }: Example) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? "x"));

let service: RunningService;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService(loginObstacle === undefined ? { isolation: "namespace" } : {});
  batch = await BatchClient.connect(service);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

describe.skipIf(!specs).each(SENT)("examples of %s, as %s", (description, version, sent, asSaid) => {
  test("are answered as they say, or refused for what is said here", { timeout: 300_000 }, async () => {
    const examples = examplesOf(description);
    const arrangements = new ExampleArrangements(service, batch);
    const others: string[] = [];
    for (const example of examples) {
      const { title, method, statuses } = example;
      const arranged = await arrangements.arrange(example);
      const path = filled(arranged);
      const { body } = arranged;
      const { status, json } = await batch.send(method, path, {
        version,
        ...(body && { body: prepared(path, body) }),
      });
      if (!statuses.includes(String(status)))
        others.push(`${status} ${json?.code ?? ""} ${reasonOf(json)}: ${method} ${path} (${title})`);
    }
    const isFor = (reasons: readonly RegExp[]) => (line: string) => reasons.some((one) => one.test(line));
    const said = others.filter((line) => !isFor(NO_LOGIN)(line));
    expect(said.filter((line) => !isFor([...REFUSED, ...(DROPPED[version] ?? [])])(line))).toEqual([]);
    expect(examples).toHaveLength(sent);
    if (loginObstacle === undefined) expect(examples.length - others.length).toBe(asSaid);
  });
});
