/** A signed-in client for what a measurement needs around it: pools, jobs, waiting. It is not on any measured path. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { httpRequest, type RequestParts } from "../load/http-request.ts";
import type { ServiceProcess } from "./service-process.ts";

export const BATCH_AUDIENCE = "https://batch.core.windows.net/";
const API_VERSION = "api-version=2024-07-01.20.0";
const JSON_TYPE = "application/json; odata=minimalmetadata";
const POLL_MS = 20;

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export class BatchSession {
  readonly service: ServiceProcess;
  readonly #token: string;
  readonly #agent: Agent;

  static async open(service: ServiceProcess): Promise<BatchSession> {
    const { ready } = service;
    const agent = new Agent({ ca: readFileSync(ready.caFile), keepAlive: true, maxSockets: 1 });
    const { clientId, clientSecret } = ready;
    if (clientId === null || clientSecret === null) throw new Error("the service tells no credentials");
    const parts = tokenRequest(ready.tenantId, { clientId, clientSecret });
    const reply = (await exchange(agent, ready.login, parts)) as { access_token: string };
    return new BatchSession(service, agent, reply.access_token);
  }

  private constructor(service: ServiceProcess, agent: Agent, token: string) {
    this.service = service;
    this.#agent = agent;
    this.#token = token;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** @throws Error with the reply's body, unless it succeeded */
  call(method: string, path: string, body?: object): Promise<unknown> {
    return exchange(this.#agent, this.service.ready.batch, batchRequest(this.#token, method, path, body));
  }

  /** Reads a reply's body and keeps nothing of it. @returns how many bytes it had */
  async bytes(path: string): Promise<number> {
    const { headers = {}, path: target } = batchRequest(this.#token, "GET", path);
    const sent = request(`${this.service.ready.batch}${target}`, { agent: this.#agent, headers });
    sent.end();
    const [reply] = (await once(sent, "response")) as [IncomingMessage];
    let bytes = 0;
    for await (const chunk of reply as AsyncIterable<Buffer>) bytes += chunk.length;
    return bytes;
  }

  /** A request as bytes, for the load generator. */
  requestOf(method: string, path: string, body?: object): string {
    return httpRequest(batchRequest(this.#token, method, path, body));
  }

  /** Resolves when all nodes are idle. @param images that its containers are made from; undefined for a pool without any */
  async addPool(id: string, nodes: number, slots: number, images?: readonly string[]): Promise<void> {
    await this.call("POST", "/pools", {
      id,
      vmSize: "standard_d2_v3",
      targetDedicatedNodes: nodes,
      taskSlotsPerNode: slots,
      virtualMachineConfiguration: {
        imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
        nodeAgentSKUId: "batch.node.debian 12",
        ...(images && { containerConfiguration: { type: "dockerCompatible", containerImageNames: images } }),
      },
    });
    await this.nodesIdle(id, nodes);
  }

  /** Resolves when the pool has so many nodes, and all of them are idle. */
  async nodesIdle(id: string, nodes: number): Promise<void> {
    await this.#until(async () => {
      const { value } = (await this.call("GET", `/pools/${id}/nodes`)) as { value: { state: string }[] };
      return value.length === nodes && value.every(({ state }) => state === "idle");
    });
  }

  async addJob(id: string, poolId: string): Promise<void> {
    await this.call("POST", "/jobs", { id, poolInfo: { poolId } });
  }

  async taskCounts(jobId: string): Promise<{ active: number; completed: number; succeeded: number }> {
    const { taskCounts } = (await this.call("GET", `/jobs/${jobId}/taskcounts`)) as {
      taskCounts: { active: number; completed: number; succeeded: number };
    };
    return taskCounts;
  }

  /** Resolves when that many tasks of the job have completed. @throws when one of them failed */
  async completed(jobId: string, count: number): Promise<void> {
    await this.#until(async () => (await this.taskCounts(jobId)).completed >= count);
    const { succeeded } = await this.taskCounts(jobId);
    if (succeeded !== count) throw new Error(`${count - succeeded} of ${count} tasks failed`);
  }

  async #until(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition())) await delay(POLL_MS);
  }
}

export function tokenRequest(
  tenantId: string,
  { clientId, clientSecret }: Credentials,
  audience = BATCH_AUDIENCE,
): RequestParts {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${audience}/.default`,
  });
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return { method: "POST", path: `/${tenantId}/oauth2/v2.0/token`, headers, body: form.toString() };
}

/** The same of `oidc-provider`, whose audience is its default. */
export function oidcTokenRequest({ clientId, clientSecret }: Credentials): RequestParts {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
  });
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return { method: "POST", path: "/token", headers, body: form.toString() };
}

export function batchRequest(token: string, method: string, path: string, body?: object): RequestParts {
  const headers = { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": JSON_TYPE }) };
  const separator = path.includes("?") ? "&" : "?";
  return {
    method,
    path: `${path}${separator}${API_VERSION}`,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  };
}

export async function exchange(agent: Agent, base: string, parts: RequestParts): Promise<unknown> {
  const { method, path, headers = {}, body = "" } = parts;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const sent = request(`${base}${path}`, { method, agent, headers }, (reply) => {
    text(reply).then((answer) => {
      if ((reply.statusCode ?? 500) < 300) resolve(answer === "" ? undefined : JSON.parse(answer));
      else reject(new Error(`${method} ${path} was answered ${reply.statusCode}: ${answer}`));
    }, reject);
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}
