/** Where nodes have no roots of their own, a pool with containers is refused when it is made, and not left without nodes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { poolBody } from "../../wire/batch-bodies.fixture.ts";
import { BatchClient } from "../../wire/batch-client.fixture.ts";
import { type RunningService, runningService } from "../../wire/running-service.fixture.ts";

let service: RunningService;
let client: BatchClient;
beforeAll(async () => {
  service = await runningService({ isolation: "process" });
  client = await BatchClient.connect(service);
});
afterAll(async () => {
  client?.close();
  await service?.close();
});

test("a pool with containers is refused on process nodes, with the reason", async () => {
  const body = {
    ...poolBody("p"),
    targetDedicatedNodes: 0,
    virtualMachineConfiguration: {
      imageReference: {
        publisher: "microsoft-azure-batch",
        offer: "ubuntu-server-container",
        sku: "20-04-lts",
      },
      nodeAgentSKUId: "batch.node.ubuntu 20.04",
      containerConfiguration: { type: "dockerCompatible" },
    },
  };
  const { status, json } = await client.send("POST", "/pools", { body });
  expect(status).toBe(400);
  expect(json.values).toContainEqual({ key: "PropertyName", value: "containerConfiguration" });
  expect(JSON.stringify(json)).toContain(
    "There are no containers on nodes here: they are processes of this machine.",
  );
});
