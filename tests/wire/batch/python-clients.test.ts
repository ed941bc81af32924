/** The Python clients of Azure, as Debian packages them (`python3-azure`), with Azure's own addresses in the programs. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { directVariables, environmentWith } from "../../../src/cli/connect/connect-mode.ts";
import {
  batchyardRun,
  missing,
  printed,
  programEnd,
  programFile,
  reported,
} from "../client-program.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const PYTHON = "/usr/bin/python3";

describe.skipIf(
  missing("azure-batch for Python", PYTHON, ["-c", "import azure.batch, azure.common.credentials"]),
)("azure-batch", () => {
  test("signs in as a service principal, runs a job and reads its output, unchanged", async () => {
    const program = [PYTHON, programFile("service_principal.py")];
    const end = await batchyardRun(program, ["--ephemeral", "--report", "--json"]);
    const seen = printed(end);
    expect(seen).toEqual({
      before: [],
      added: true,
      counts: [120, 120, 0],
      stdout: "task 7\n",
      selected: ["11", "110", "111", "112", "113", "114", "115", "116", "117", "118", "119"].map((n) => [
        `task${n}`,
        "completed",
        null,
      ]),
      exists: [true, false],
      nodes: [true, true],
      job: ["active", "pool", true],
      stale: [412, "ConditionNotMet"],
      priority: 5,
      missing: ["JobNotFound", true],
    });
    const { clients, findings, operations, inReplies, dated } = reported(end);
    expect(clients).toMatchObject([
      { name: expect.stringMatching(/^Python azure-batch \d/), language: "Python" },
    ]);
    expect(findings.filter(({ fate }) => fate !== "unchanged")).toMatchObject([
      { kind: "api-version", fate: "renamed" },
    ]);
    expect(operations.map(({ methods }) => `${methods.Python.once} -> ${methods.Python.now}`)).toEqual([
      "compute_node.list -> list_nodes",
      "file.get_from_task -> download_task_file",
      "job.add -> create_job",
      "job.delete -> begin_delete_job",
      "job.get -> get_job",
      "job.get_task_counts -> get_job_task_counts",
      "job.list -> list_jobs",
      "job.patch -> update_job",
      "pool.add -> create_pool",
      "pool.delete -> begin_delete_pool",
      "pool.exists -> pool_exists",
      "pool.list -> list_pools",
      "task.add_collection -> create_task_collection",
      "task.list -> list_tasks",
    ]);
    expect(inReplies.map(({ path }) => path).sort()).toEqual([
      "certificateReferences",
      "currentNodeCommunicationMode",
      "targetNodeCommunicationMode",
    ]);
    expect(dated).toEqual([]);
  });

  test("signs every verb with the account's key, odd ids included", async () => {
    const {
      odd,
      "odd add": oddAdd,
      ...seen
    } = printed(await batchyardRun([PYTHON, programFile("shared_key.py")]));
    expect(seen).toEqual({
      add: "ok",
      get: "ok",
      "get with options": "ok",
      list: ["job"],
      patch: "ok",
      update: "ok",
      disable: "ok",
      terminate: "ok",
      exists: false,
      task: [404, "TaskNotFound"],
      delete: "ok",
      "wrong key": [403, "AuthenticationFailed"],
    });
    for (const [id, outcomes] of Object.entries(odd as Record<string, [number, string][]>)) {
      for (const [status] of outcomes) expect([400, 404], id).toContain(status);
    }
    for (const [id, outcome] of Object.entries(oddAdd)) {
      expect(outcome, id).toEqual([400, "InvalidPropertyValue"]);
    }
  });
});

describe.skipIf(missing("azure-identity for Python", PYTHON, ["-c", "import azure.identity, azure.batch"]))(
  "azure-identity",
  () => {
    let service: RunningService;
    beforeAll(async () => {
      service = await runningService();
    });
    afterAll(() => service?.close());

    const expected = {
      ...Object.fromEntries(
        ["secret", "environment", "default"].map((name) => [
          name,
          ["https://batch.core.windows.net/", true, 0],
        ]),
      ),
      "wrong secret": true,
    };

    test("signs in through the proxy", async () => {
      expect(printed(await batchyardRun([PYTHON, programFile("identity.py")]))).toEqual(expected);
    });

    test("signs in directly, by the environment alone", async () => {
      const environment = environmentWith(directVariables(service.ready));
      expect(printed(await programEnd(PYTHON, [programFile("identity.py")], environment))).toEqual(expected);
    });
  },
);
