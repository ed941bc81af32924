/** A signed-in client of Resource Manager, for what a measurement needs beforehand. */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { exchange, tokenRequest } from "./batch-session.ts";
import type { ServiceProcess } from "./service-process.ts";

const AUDIENCE = "https://management.azure.com";

export class ManagementSession {
  readonly #service: ServiceProcess;
  readonly #agent: Agent;
  readonly #token: string;

  static async open(service: ServiceProcess): Promise<ManagementSession> {
    const { ready } = service;
    const agent = new Agent({ ca: readFileSync(ready.caFile), keepAlive: true, maxSockets: 1 });
    const { clientId, clientSecret } = ready;
    if (clientId === null || clientSecret === null) throw new Error("the service tells no credentials");
    const parts = tokenRequest(ready.tenantId, { clientId, clientSecret }, AUDIENCE);
    const reply = (await exchange(agent, ready.login, parts)) as { access_token: string };
    return new ManagementSession(service, agent, reply.access_token);
  }

  private constructor(service: ServiceProcess, agent: Agent, token: string) {
    this.#service = service;
    this.#agent = agent;
    this.#token = token;
  }

  /** @throws Error with the reply's body, unless it succeeded */
  put(resourceId: string, version: string, body: object): Promise<unknown> {
    return this.#send("PUT", resourceId, version, JSON.stringify(body));
  }

  /** An action that takes nothing. @throws Error with the reply's body, unless it succeeded */
  post(path: string, version: string): Promise<unknown> {
    return this.#send("POST", path, version, "");
  }

  #send(method: string, path: string, version: string, body: string): Promise<unknown> {
    const headers = { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" };
    return exchange(this.#agent, this.#service.ready.management, {
      method,
      path: `${path}?api-version=${version}`,
      headers,
      body,
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
