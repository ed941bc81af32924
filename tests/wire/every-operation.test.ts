/** Every operation of the table, built or not: nobody gets past it without credentials, nor without a role. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { enumValues, isModelName, modelProperties } from "../../src/core/model/model-table.ts";
import { batchOperationHandlers } from "../../src/planes/batch/operations.ts";
import { batchApiVersions } from "../../src/wire/batch/api-versions.gen.ts";
import type { BatchModelName } from "../../src/wire/batch/models.gen.ts";
import type { BatchOperation } from "../../src/wire/batch/operation.ts";
import { type BatchOperationId, batchOperations } from "../../src/wire/batch/operations.gen.ts";
import { batchOperationAccess } from "../../src/wire/batch/permissions.ts";
import { BatchClient, type BatchReply, NEWEST_DESCRIBED } from "./batch-client.fixture.ts";
import { contosoSeed, signInAll } from "./contoso.fixture.ts";
import { type RunningService, runningService } from "./running-service.fixture.ts";

let service: RunningService;
let signedIn: Awaited<ReturnType<typeof signInAll>>;
let stranger: BatchClient;

beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
  const client = await BatchClient.connect(service);
  stranger = client.as(undefined);
  signedIn = await signInAll(client);
});
afterAll(async () => {
  stranger?.close();
  await service?.close();
});

const ids = Object.keys(batchOperations) as BatchOperationId[];
const NEWEST = batchApiVersions.findIndex(({ version }) => version === NEWEST_DESCRIBED);

/** Sends the operation to resources that do not exist, with the smallest body that is well-formed. */
function send(client: BatchClient, id: BatchOperationId): Promise<BatchReply> {
  const operation: BatchOperation = batchOperations[id];
  const version = Math.min(NEWEST, operation.until);
  const path = operation.path.replaceAll(/\{\w+\}/g, "absent");
  return client.send(operation.method, path, {
    version: batchApiVersions[version]?.version ?? "",
    ...(operation.body && { body: smallest(operation.body, version) }),
  });
}

function smallest(model: BatchModelName, version: number): object {
  const required = modelProperties(model, version).known.filter((property) => property.required);
  return Object.fromEntries(
    required.map(({ name, type, isArray }) => {
      if (isArray) return [name, name === "nodeList" ? ["absent"] : []];
      if (isModelName(type)) return [name, smallest(type, version)];
      return [name, enumValues(type, version)?.[0] ?? SMALLEST[type] ?? "absent"];
    }),
  );
}

const SMALLEST: Readonly<Record<string, unknown>> = {
  int32: 1,
  int64: 1,
  double: 1,
  boolean: true,
  duration: "PT1H",
  "date-time": "2024-01-01T00:00:00Z",
  map: {},
  object: {},
};

describe.each(ids)("%s", (id) => {
  const { permission, isRead } = batchOperationAccess(id);
  const isHead = batchOperations[id].method === "HEAD";

  test("is refused without credentials", async () => {
    const reply = await send(stranger, id);
    expect(reply.status).toBe(401);
    if (!isHead) expect(reply.json.code).toBe("AuthenticationFailed");
  });

  test("is refused without a role, whatever exists and whatever is built", async () => {
    for (const who of isRead
      ? (["nobody", "neighbour"] as const)
      : (["nobody", "neighbour", "reader"] as const)) {
      const reply = await send(signedIn[who], id);
      expect(reply.status, `${who}: ${reply.text}`).toBe(403);
      if (isHead) continue;
      expect(reply.json.code).toBe("PermissionDenied");
      expect(reply.json.values.map(({ value }: { value: string }) => value)).toContain(permission.name);
    }
  });

  test(
    batchOperationHandlers.has(id) ? "gets past both with a role" : "is a declared 501 to who has one",
    async () => {
      const reply = await send(isRead ? signedIn.reader : signedIn.contributor, id);
      if (batchOperationHandlers.has(id)) {
        expect([401, 403, 500, 501], reply.text).not.toContain(reply.status);
      } else {
        expect(reply.status).toBe(501);
        if (!isHead) expect(reply.json.code).toBe("NotImplemented");
      }
    },
  );
});
