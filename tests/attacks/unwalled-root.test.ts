/** What would be won on a machine whose nodes cannot have namespaces: a service that root starts, and whose tasks are root's as well. */
import { afterEach, expect, test } from "vitest";
import { KillableService } from "../e2e/killable-service.ts";

/** Nodes without namespaces, as on a kernel that gives none. */
const environment = { BATCHYARD_NODE_INIT: "session", BATCHYARD_ISOLATION: "" };
let service: KillableService | undefined;
afterEach(() => service?.dispose());

const isRoot = process.geteuid?.() === 0;

test("where nodes have no walls, tasks of root's service are root's, and nobody has said that they are to be", async () => {
  service = await KillableService.create({ environment });
  if (isRoot) {
    await expect(service.start()).rejects.toThrow(
      /tasks would run as root of this machine: .*--isolation process/,
    );
    return;
  }
  await service.start();
  expect(service.ready).toMatchObject({ nodes: "process" });
});

test("and whoever has said it is not told", async () => {
  service = await KillableService.start({ environment, parameters: ["--isolation", "process"] });
  expect(service.ready).toMatchObject({ nodes: "process" });
});
