/**
 * Brings about what an example of the API descriptions speaks of, so that it can be sent as it stands. Only what no service gives is
 * put in its place: the id of a node, the thumbprint of a certificate. Files have the names of the examples, backslashes and all.
 */
import { expect } from "vitest";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import type { BatchClient, Json } from "../batch-client.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import type { RunningService } from "../running-service.fixture.ts";
import { addApplication } from "./application.fixture.ts";
import { CER, THUMBPRINT } from "./certificate.fixture.ts";

export interface Example {
  readonly title: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly statuses: readonly string[];
}

interface Named {
  readonly id: string;
  readonly [property: string]: unknown;
}

/** Of which the examples' jobs are: without nodes, so that their tasks wait. */
const POOL = "poolId";
/** States of nodes that stay as they are. */
const STILL = ["idle", "offline", "deallocated"];
const CERTIFICATES = "2024-07-01.20.0";
/** Nothing is sent to containers that are somebody's: there are no logs of that time. */
const NO_LOGS_YET = "2100-01-01T00:00:00Z";
const TASK_FILE = "wd\\testFile.txt";
const NODE_FILE = `workitems\\jobId\\job-1\\task1\\${TASK_FILE}`;

export class ExampleArrangements {
  readonly #service: RunningService;
  readonly #batch: BatchClient;
  /** The pool that has a node. */
  #standing: string | undefined;
  #hasApplication = false;

  constructor(service: RunningService, batch: BatchClient) {
    this.#service = service;
    this.#batch = batch;
  }

  /** @returns the example with what is there in the place of what no service gives */
  async arrange(example: Example): Promise<Example> {
    const { method, path, parameters, body } = example;
    const { poolId, jobId, taskId, jobScheduleId, applicationId } = parameters;
    if (applicationId && !this.#hasApplication) await addApplication(this.#service, applicationId);
    this.#hasApplication ||= applicationId !== undefined;
    if (parameters.thumbprint) return this.#withCertificate(example);
    if (poolId && (path.includes("{nodeId}") || path.endsWith("/removenodes")))
      return this.#withNode(poolId, example);
    if (jobId && taskId && /\/files|\/reactivate$/.test(path)) {
      await this.#runTask(jobId, taskId);
      return example;
    }
    if (this.#standing !== undefined) await this.#remove(`/pools/${this.#standing}`);
    this.#standing = undefined;
    await this.#arrangePool(poolId ?? POOL, path);
    if (jobId) {
      // Always anew: an example before may have it end with its tasks, of which it has none.
      await this.#remove(`/jobs/${jobId}`);
      const preparation = { commandLine: "true" };
      const change = { onTaskFailure: "performexitoptionsjobaction", jobPreparationTask: preparation };
      await this.#batch.post("/jobs", jobBody(jobId, POOL, change));
    }
    if (jobScheduleId)
      await this.#ensure("/jobschedules", {
        id: jobScheduleId,
        schedule: { doNotRunUntil: "2099-01-01T00:00:00Z" },
        jobSpecification: { poolInfo: { poolId: POOL } },
      });
    if (taskId) await this.#ensure(`/jobs/${jobId}/tasks`, { id: taskId, commandLine: "true" });
    if (method === "POST" && body?.id !== undefined && /^\/(pools|jobs|jobschedules)$|\/tasks$/.test(path))
      await this.#remove(`${path.replace("{jobId}", jobId ?? "")}/${body.id}`);
    return example;
  }

  async #arrangePool(poolId: string, path: string): Promise<void> {
    await this.#ensure("/pools", poolBody(poolId, { targetDedicatedNodes: 0 }));
    const steady = () =>
      this.#batch.until(`/pools/${poolId}`, ({ allocationState }) => allocationState === "steady");
    // An example before may have had it resized.
    if (path.endsWith("/resize")) await steady();
    if (path.endsWith("/stopresize")) {
      await this.#remove(`/pools/${poolId}`);
      await this.#batch.post("/pools", poolBody(poolId, { targetDedicatedNodes: 0 }));
      await steady();
      await this.#batch.must("POST", `/pools/${poolId}/resize`, { body: { targetDedicatedNodes: 20 } });
    }
  }

  async #remove(path: string): Promise<void> {
    const { status } = await this.#batch.send("DELETE", path);
    if (status !== 404) await this.#batch.untilGone(path);
  }

  /** There, and as it was made: what an example before it ended is made anew. */
  async #ensure(collection: string, body: Named): Promise<void> {
    const path = `${collection}/${body.id}`;
    const { status, json } = await this.#batch.send("GET", path);
    if (status === 200 && json.state === "active") return;
    if (status === 200) await this.#remove(path);
    await this.#batch.post(collection, body);
  }

  /** A pool with a node that does nothing just now, whatever an example before has done to it. @returns the node's id */
  async #node(poolId: string): Promise<string> {
    const path = `/pools/${poolId}`;
    if (this.#standing !== poolId) {
      await this.#remove(path);
      await this.#batch.post("/pools", poolBody(poolId));
      this.#standing = poolId;
    }
    await this.#batch.until(path, ({ allocationState }) => allocationState === "steady");
    const nodes = await this.#batch.until(`${path}/nodes`, ({ value }) => STILL.includes(value[0]?.state));
    const [{ id, state }] = nodes.value;
    if (state === "deallocated") await this.#batch.must("POST", `${path}/nodes/${id}/start`);
    if (state === "offline") await this.#batch.must("POST", `${path}/nodes/${id}/enablescheduling`);
    await this.#batch.until(`${path}/nodes/${id}`, (node) => node.state === "idle");
    return id;
  }

  async #withNode(poolId: string, example: Example): Promise<Example> {
    const { path, parameters, body } = example;
    const nodeId = await this.#node(poolId);
    const node = `/pools/${poolId}/nodes/${nodeId}`;
    if (parameters.filePath) await this.#runTask("jobId", "task1", poolId);
    if (path.endsWith("/enablescheduling")) await this.#batch.must("POST", `${node}/disablescheduling`);
    if (path.endsWith("/users/{userName}")) {
      await this.#batch.send("DELETE", `${node}/users/${parameters.userName}`);
      await this.#batch.send("POST", `${node}/users`, {
        body: { name: parameters.userName, password: "Ex4mple-of-a-secret!" },
      });
    }
    if (path.endsWith("/start")) {
      await this.#batch.must("POST", `${node}/deallocate`);
      await this.#batch.until(node, ({ state }) => state === "deallocated");
    }
    if (path.endsWith("/removenodes")) this.#standing = undefined;
    const list = body?.nodeList && { nodeList: [nodeId] };
    return {
      ...example,
      parameters: { ...parameters, ...(parameters.nodeId && { nodeId }) },
      body: body && { ...body, ...list, ...(body.containerUrl && { startTime: NO_LOGS_YET }) },
    };
  }

  /** It has failed, so that it can be run again, and has left the files that examples name. */
  async #runTask(jobId: string, taskId: string, poolId = POOL): Promise<void> {
    await this.#node(poolId);
    await this.#remove(`/jobs/${jobId}`);
    await this.#batch.post("/jobs", jobBody(jobId, poolId));
    const escaped = (name: string) => name.replaceAll("\\", "\\\\");
    const script = [
      `echo some text >"$AZ_BATCH_TASK_DIR/${escaped(TASK_FILE)}"`,
      `echo some text >"$AZ_BATCH_NODE_ROOT_DIR/${escaped(NODE_FILE)}"`,
      "exit 1",
    ].join("; ");
    const userIdentity = { autoUser: { scope: "task", elevationLevel: "admin" } };
    await this.#batch.post(`/jobs/${jobId}/tasks`, taskBody(taskId, script, { userIdentity }));
    await this.#batch.until(`/jobs/${jobId}/tasks/${taskId}`, ({ state }) => state === "completed");
  }

  async #withCertificate(example: Example): Promise<Example> {
    const path = `/certificates(thumbprintAlgorithm=sha1,thumbprint=${THUMBPRINT})`;
    const send = (method: string, target: string, body?: object) =>
      this.#batch.send(method, target, { version: CERTIFICATES, ...(body && { body }) });
    const certificate = { thumbprint: THUMBPRINT, thumbprintAlgorithm: "sha1" };
    const added = await send("POST", "/certificates", {
      ...certificate,
      certificateFormat: "cer",
      data: CER,
    });
    expect([201, 409]).toContain(added.status);
    if (example.path.endsWith("/canceldelete")) {
      // A deletion fails while a pool has the certificate.
      const pool = poolBody("certified", { targetDedicatedNodes: 0, certificateReferences: [certificate] });
      await send("POST", "/pools", pool);
      await send("DELETE", path);
      await eventually(
        "the deletion to fail",
        async () => (await send("GET", path)).json.state === "deletefailed",
      );
    } else await this.#remove("/pools/certified");
    return { ...example, parameters: { ...example.parameters, thumbprint: THUMBPRINT } };
  }
}
