/** Where nodes have no roots of their own, a pool with containers is refused when it is made, and not left without nodes. */
import { describe, expect, test } from "vitest";
import { poolBody } from "../../wire/batch-bodies.fixture.ts";
import { BatchClient } from "../../wire/batch-client.fixture.ts";
import { type RunningService, runningService } from "../../wire/running-service.fixture.ts";
import { haveOwnIds, namespaceObstacle } from "./namespace-nodes.ts";

/** @returns what the service says to a pool with containers */
async function refusal(isolation: "process" | "namespace"): Promise<string> {
  const service: RunningService = await runningService({ isolation });
  const client = await BatchClient.connect(service);
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
  try {
    const { status, json } = await client.send("POST", "/pools", { body });
    expect(status).toBe(400);
    expect(json.values).toContainEqual({ key: "PropertyName", value: "containerConfiguration" });
    return JSON.stringify(json);
  } finally {
    client.close();
    await service.close();
  }
}

test("a pool with containers is refused on process nodes, with the reason", async () => {
  expect(await refusal("process")).toContain(
    "There are no containers on nodes here: they are processes of this machine.",
  );
});

const isWithoutIds = namespaceObstacle === undefined && !haveOwnIds;
if (!isWithoutIds) console.warn("skipped: whoever runs this has ids beside their own, or no namespaces");

describe.skipIf(!isWithoutIds)("an ordinary user who has one id", () => {
  test("is told what containers need", async () => {
    const said = await refusal("namespace");
    expect(said).toContain("/etc/subuid");
    expect(said).toContain("root");
  });
});
