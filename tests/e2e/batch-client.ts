/**
 * Plain HTTPS requests to a Batch account, and the few of them that every test here makes. No retries but where said. Each reply is
 * held against the API description, where there is one.
 */

import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import type { ReadyLine } from "../../src/client/service-endpoints.ts";
import { replyProblems } from "../wire/described-reply.fixture.ts";

const API_VERSION = "2024-07-01.20.0";
const RETRY_MS = 50;

export interface Reply<T = unknown> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly etag: string | undefined;
  /** The body, parsed; undefined when it is empty. */
  readonly json: T;
}

export interface TaskResource {
  readonly id: string;
  readonly commandLine: string;
  readonly state: "active" | "preparing" | "running" | "completed";
  readonly eTag: string;
  readonly executionInfo?: {
    readonly startTime?: string;
    readonly exitCode?: number;
    readonly result?: "success" | "failure";
    readonly retryCount: number;
    readonly requeueCount: number;
    readonly failureInfo?: { readonly code: string; readonly message: string };
    readonly containerInfo?: { readonly containerId: string; readonly state: string; readonly error: string };
  };
}

export interface TaskCounts {
  readonly active: number;
  readonly running: number;
  readonly completed: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** A reply that is not as its description says. */
class NotAsDescribed extends Error {}

export class BatchClient {
  readonly #ready: ReadyLine;
  readonly #agent: Agent;
  #token: Promise<string> | undefined;

  constructor(ready: ReadyLine) {
    this.#ready = ready;
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(ready.caFile), maxSockets: 64 });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** The next request signs in anew. */
  forgetToken(): void {
    this.#token = undefined;
  }

  async send<T = unknown>(
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply<T>> {
    this.#token ??= this.#signIn();
    const token = await this.#token.catch((error: unknown) => {
      this.#token = undefined;
      throw error;
    });
    const url = /^https:/.test(path)
      ? path
      : `${this.#ready.batch}${path}${path.includes("?") ? "&" : "?"}api-version=${API_VERSION}`;
    const content = body === undefined ? undefined : JSON.stringify(body);
    const type = content === undefined ? {} : { "content-type": "application/json; odata=minimalmetadata" };
    const authorization = `Bearer ${token}`;
    const reply = await this.#exchange<T>(method, url, { authorization, ...type, ...headers }, content);
    const { pathname, searchParams } = new URL(url);
    const problems = replyProblems({
      method,
      path: pathname,
      version: searchParams.get("api-version") ?? "",
      isSelection: searchParams.has("$select"),
      ...reply,
    });
    if (problems.length > 0) throw new NotAsDescribed(`${method} ${pathname}: ${problems.join("; ")}`);
    return reply;
  }

  /** Until there is an answer that is no 5xx: what a client does whose service is being killed. */
  async insist<T = unknown>(...request: Parameters<BatchClient["send"]>): Promise<Reply<T>> {
    for (;;) {
      try {
        const reply = await this.send<T>(...request);
        if (reply.status < 500) return reply;
      } catch (error) {
        if (error instanceof NotAsDescribed) throw error;
        // Refused or cut off.
      }
      await delay(RETRY_MS);
    }
  }

  /** @throws Error when the answer is no 2xx */
  async ok<T = unknown>(...request: Parameters<BatchClient["send"]>): Promise<Reply<T>> {
    const reply = await this.send<T>(...request);
    if (reply.status >= 300) {
      throw new Error(`${request[0]} ${request[1]}: ${reply.status} ${JSON.stringify(reply.json)}`);
    }
    return reply;
  }

  async addPool(id: string, nodes: number, slots: number, more: object = {}): Promise<void> {
    await this.ok("POST", "/pools", {
      id,
      vmSize: "standard_d2_v3",
      targetDedicatedNodes: nodes,
      taskSlotsPerNode: slots,
      virtualMachineConfiguration: {
        imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
        nodeAgentSKUId: "batch.node.debian 12",
      },
      ...more,
    });
  }

  async addJob(id: string, poolId: string, more: object = {}): Promise<void> {
    await this.ok("POST", "/jobs", { id, poolInfo: { poolId }, ...more });
  }

  /** In collections of 100. @throws Error when one of them is not accepted */
  async addTasks(jobId: string, tasks: readonly object[]): Promise<void> {
    for (let first = 0; first < tasks.length; first += 100) {
      const value = tasks.slice(first, first + 100);
      const { json } = await this.ok<{ value: { status: string }[] }>(
        "POST",
        `/jobs/${jobId}/addtaskcollection`,
        { value },
      );
      const refused = json.value.find(({ status }) => status !== "success");
      if (refused) throw new Error(`a task was refused: ${JSON.stringify(refused)}`);
    }
  }

  async task(jobId: string, taskId: string): Promise<TaskResource> {
    return (await this.ok<TaskResource>("GET", `/jobs/${jobId}/tasks/${taskId}`)).json;
  }

  /** All pages. */
  async tasks(jobId: string, query = ""): Promise<TaskResource[]> {
    const tasks: TaskResource[] = [];
    let next: string | undefined = `/jobs/${jobId}/tasks${query}`;
    while (next !== undefined) {
      const page: Reply<{ value: TaskResource[]; "odata.nextLink"?: string }> = await this.ok("GET", next);
      tasks.push(...page.json.value);
      next = page.json["odata.nextLink"];
    }
    return tasks;
  }

  async counts(jobId: string): Promise<TaskCounts> {
    const path = `/jobs/${jobId}/taskcounts`;
    return (await this.ok<{ taskCounts: TaskCounts }>("GET", path)).json.taskCounts;
  }

  async #signIn(): Promise<string> {
    const { login, tenantId, clientId, clientSecret } = this.#ready;
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId ?? "",
      client_secret: clientSecret ?? "",
      resource: "https://batch.core.windows.net/",
    });
    const reply = await this.#exchange<{ access_token: string }>(
      "POST",
      `${login}/${tenantId}/oauth2/token`,
      { "content-type": "application/x-www-form-urlencoded" },
      form.toString(),
    );
    if (reply.status !== 200) throw new Error(`sign-in: ${reply.status}`);
    return reply.json.access_token;
  }

  #exchange<T>(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    content: string | undefined,
  ): Promise<Reply<T>> {
    return new Promise((resolve, reject) => {
      const length = content === undefined ? {} : { "content-length": String(Buffer.byteLength(content)) };
      const outgoing = request(url, { method, agent: this.#agent, headers: { ...headers, ...length } });
      outgoing.on("error", reject);
      outgoing.on("response", (incoming) => {
        text(incoming).then((body) => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            etag: incoming.headers.etag,
            json: (body === "" ? undefined : JSON.parse(body)) as T,
          });
        }, reject);
      });
      outgoing.end(content);
    });
  }
}
