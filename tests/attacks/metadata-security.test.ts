/**
 * The metadata security protocol on nodes: each request to the endpoints of the node's host is told with its user and program, and
 * under `Enforce` whoever is not root is kept from the WireServer, by whatever way it comes.
 */
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { haveOwnIds, namespaceObstacle } from "../e2e/nodes/namespace-nodes.ts";
import { jobBody, poolBody, taskBody } from "../wire/batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../wire/batch-client.fixture.ts";
import { missing, programFile } from "../wire/client-program.fixture.ts";
import { eventually } from "../wire/eventually.fixture.ts";
import { type RunningService, runningService } from "../wire/running-service.fixture.ts";

const PYTHON = "/usr/bin/python3";
const PROGRAMS = realpathSync(programFile("."));
const noPython = missing("Python", PYTHON, ["-c", "import ctypes"]);
const VERSION = "2025-06-01";

const withSecurity = (id: string, imds: string, wireServer: string) =>
  poolBody(id, {
    virtualMachineConfiguration: {
      ...poolBody(id).virtualMachineConfiguration,
      securityProfile: {
        proxyAgentSettings: { enabled: true, imds: { mode: imds }, wireServer: { mode: wireServer } },
      },
    },
  });

describe.skipIf(namespaceObstacle !== undefined || !haveOwnIds || noPython)(
  "on a node with the metadata security protocol",
  () => {
    let service: RunningService;
    let batch: BatchClient;

    beforeAll(async () => {
      service = await runningService({
        isolation: "namespace",
        nodePaths: [{ path: PROGRAMS, isWritable: false }],
      });
      batch = await BatchClient.connect(service);
      for (const pool of [
        withSecurity("strict", "Enforce", "Enforce"),
        withSecurity("lenient", "Audit", "Audit"),
      ]) {
        const { status, text } = await batch.send("POST", "/pools", { body: pool, version: VERSION });
        expect(status, text).toBe(201);
        await batch.post("/jobs", jobBody(pool.id, pool.id));
      }
    });
    afterAll(async () => {
      batch?.close();
      await service?.close();
    });

    async function said(pool: string, id: string, isElevated: boolean): Promise<Json> {
      const userIdentity = { autoUser: { scope: "task", elevationLevel: isElevated ? "admin" : "nonadmin" } };
      const script = `exec ${PYTHON} -B ${PROGRAMS}/metadata_askers.py attacks 2>&1`;
      await batch.post(`/jobs/${pool}/tasks`, taskBody(id, script, { userIdentity }));
      await batch.until(`/jobs/${pool}/tasks/${id}`, ({ state }) => state === "completed");
      const { text } = await batch.send("GET", `/jobs/${pool}/tasks/${id}/files/stdout.txt`);
      const line = text.trim().split("\n").at(-1) ?? "";
      if (!line.startsWith("{")) throw new Error(text);
      return JSON.parse(line);
    }

    const told = (pool: string): Json[] =>
      readFileSync(join(service.folder, "audit", "audit.jsonl"), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
        .filter(({ plane, target }) => plane === "imds" && target.startsWith(`/pools/${pool}/`));

    test("whoever is not root is refused by the WireServer under Enforce, whatever it makes itself out to be", async () => {
      const found = await said("strict", "ordinary", false);
      expect(found).toMatchObject({ uid: 1000, imds: 200, "imds by IPv6": 200, "after those who went": 200 });
      const { "as root of a namespace": nested, "by raw packets": raw, ...ways } = found;
      for (const way of ["wire server", "by IPv6", "from the server's address", "from the loopback"])
        expect(ways[way], way).toBe(403);
      expect([403, null]).toContain(nested);
      expect(raw).toBe("not permitted");
    });

    test("root is not, unless it speaks over a connection that another user has made", async () => {
      expect(await said("strict", "elevated", true)).toMatchObject({
        uid: 0,
        imds: 200,
        "wire server": 404,
        "by IPv6": 404,
        "with another's socket": 403,
      });
    });

    test("each is in the audit log, by task, user and program; who has gone is nobody, and never root", async () => {
      const program = realpathSync(PYTHON);
      const line = (operation: string, from: string, decision: string, status: number) =>
        told("strict").find(
          (each) =>
            each.operation === operation &&
            each.caller.from === `${from} by ${program}` &&
            each.decision === decision &&
            each.status === status,
        );
      await eventually("the lines of what was asked", () =>
        [
          line("Metadata_Request", "_azbatch", "allowed", 200),
          line("Metadata_Request", "root", "allowed", 200),
          line("WireServer_Request", "_azbatch", "denied", 403),
          line("WireServer_Request", "root", "denied", 404),
        ].every((each) => each !== undefined),
      );
      expect(line("WireServer_Request", "_azbatch", "denied", 403)).toMatchObject({
        missing: "Only root reaches the WireServer.",
        caller: { principalType: "Task", task: { jobId: "strict", taskId: "ordinary" } },
      });
      const ofOrdinary = told("strict").filter(({ caller }) => caller.task?.taskId === "ordinary");
      expect(ofOrdinary.filter(({ caller }) => caller.from.startsWith("root"))).toEqual([]);
    });

    test("Audit refuses nobody, and tells whom Enforce would", async () => {
      expect(await said("lenient", "ordinary", false)).toMatchObject({ imds: 200, "wire server": 404 });
      await eventually("the flawed request", () =>
        told("lenient").some(
          ({ operation, missing, caller }) =>
            operation === "WireServer_Request" &&
            missing === "Only root reaches the WireServer." &&
            caller.from.startsWith("_azbatch by "),
        ),
      );
    });

    test("a pool without the protocol has nobody at the WireServer's address, and no line for what is in order", async () => {
      await batch.post("/pools", poolBody("plain"));
      await batch.post("/jobs", jobBody("plain", "plain"));
      const script =
        "curl -s -m 5 http://168.63.129.16/machine; echo $?; curl -s -H Metadata:true http://169.254.169.254/metadata/versions";
      await batch.post("/jobs/plain/tasks", taskBody("t", script));
      await batch.until("/jobs/plain/tasks/t", ({ state }) => state === "completed");
      const { text } = await batch.send("GET", "/jobs/plain/tasks/t/files/stdout.txt");
      expect(text).toMatch(/^7\n\{"apiVersions"/);
      expect(told("plain")).toEqual([]);
    });
  },
);
