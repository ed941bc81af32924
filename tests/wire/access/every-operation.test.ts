/** Every operation of the table, built or not: nobody gets past it without credentials, nor without a role. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batchOperationHandlers } from "../../../src/planes/batch/operations.ts";
import { type BatchOperationId, batchOperations } from "../../../src/wire/batch/operations.gen.ts";
import { batchOperationAccess } from "../../../src/wire/batch/permissions.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { contosoSeed, signInAll } from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { sendSmallest as send } from "./smallest-request.fixture.ts";

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
