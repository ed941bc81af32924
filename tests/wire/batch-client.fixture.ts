/**
 * Speaks to a Batch account in plain HTTP, so that a test sees and sends what no client library would. Replies are held
 * against the API descriptions where they are at hand.
 */

import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import { replyProblems } from "./described-reply.fixture.ts";
import { eventually } from "./eventually.fixture.ts";
import type { RunningService } from "./running-service.fixture.ts";

// biome-ignore lint/suspicious/noExplicitAny: a test reads what a JSON body says it is
export type Json = any;

export interface BatchReply {
  readonly status: number;
  /** The reason phrase. */
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Json;
}

export interface BatchRequest {
  /** An object is sent as JSON; a text as it is. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null leaves the parameter out. */
  readonly version?: string | null;
}

export const BATCH_AUDIENCE = "https://batch.core.windows.net/";
export const NEWEST_DESCRIBED = "2024-07-01.20.0";

export class BatchClient {
  readonly url: string;
  readonly #service: RunningService;
  readonly #agent: Agent;
  readonly #authorization: string | undefined;

  private constructor(service: RunningService, agent: Agent, authorization: string | undefined, url: string) {
    this.#service = service;
    this.#agent = agent;
    this.#authorization = authorization;
    this.url = url;
  }

  /** Signed in as the first application. */
  static async connect(service: RunningService): Promise<BatchClient> {
    const agent = new Agent({ keepAlive: true, ca: service.ca });
    const client = new BatchClient(service, agent, undefined, service.ready.batch);
    const { clientId, clientSecret } = service.ready;
    return client.as(await client.token({ clientId: clientId ?? "", clientSecret: clientSecret ?? "" }));
  }

  /** @param token undefined sends no Authorization header */
  as(token: string | undefined): BatchClient {
    const authorization = token === undefined ? undefined : `Bearer ${token}`;
    return new BatchClient(this.#service, this.#agent, authorization, this.url);
  }

  /** The same caller at another account. @param url of the account's own port */
  on(url: string): BatchClient {
    return new BatchClient(this.#service, this.#agent, this.#authorization, url);
  }

  /** An application's access token, by its secret. */
  async token(
    application: { readonly clientId: string; readonly clientSecret: string },
    resource = BATCH_AUDIENCE,
    tenantId = this.#service.ready.tenantId,
  ): Promise<string> {
    const reply = await this.#send(`${this.#service.ready.login}/${tenantId}/oauth2/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: application.clientId,
        client_secret: application.clientSecret,
        resource,
      }).toString(),
    });
    if (reply.status !== 200) throw new Error(`no token: ${reply.text}`);
    return reply.json.access_token;
  }

  /** @param path with its query, if any, but without api-version; sent as it stands */
  async send(method: string, path: string, options: BatchRequest = {}): Promise<BatchReply> {
    const { body, headers = {}, version = NEWEST_DESCRIBED } = options;
    const query = version === null ? "" : `${path.includes("?") ? "&" : "?"}api-version=${version}`;
    const reply = await this.#send(`${this.url}${path}${query}`, {
      method,
      headers: {
        ...(this.#authorization !== undefined && { authorization: this.#authorization }),
        ...(body !== undefined && { "content-type": "application/json; odata=minimalmetadata" }),
        ...headers,
      },
      body: typeof body === "object" ? JSON.stringify(body) : body,
    });
    asDescribed(method, path, version ?? "", reply);
    return reply;
  }

  /** A request that must succeed. @throws with the error's body when it does not */
  async must(method: string, path: string, options?: BatchRequest): Promise<BatchReply> {
    const reply = await this.send(method, path, options);
    if (reply.status < 200 || reply.status > 299) {
      throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    }
    return reply;
  }

  async get(path: string): Promise<Json> {
    return (await this.must("GET", path)).json;
  }

  post(path: string, body?: object): Promise<BatchReply> {
    return this.must("POST", path, body === undefined ? {} : { body });
  }

  /** A whole URL, as a `nextLink` is followed: nothing is added to it. @throws when the reply is not as described */
  async follow(url: string): Promise<BatchReply> {
    const reply = await this.#send(url, {
      method: "GET",
      headers: { authorization: this.#authorization ?? "" },
    });
    const { pathname, search, searchParams } = new URL(url);
    asDescribed("GET", `${pathname}${search}`, searchParams.get("api-version") ?? "", reply);
    return reply;
  }

  /** All of a list, page after page. */
  async list(path: string): Promise<Json[]> {
    const found: Json[] = [];
    for (let page = await this.get(path); ; page = (await this.follow(page["odata.nextLink"])).json) {
      found.push(...page.value);
      if (page["odata.nextLink"] === undefined) return found;
    }
  }

  /** The resource once the condition holds for it. */
  until(path: string, holds: (resource: Json) => boolean): Promise<Json> {
    let last: Json;
    return eventually(`${path}`, async () => {
      last = await this.get(path);
      return holds(last) && last;
    }).catch((error: Error) => {
      throw new Error(`${error.message}; it was last ${JSON.stringify(last)}`);
    });
  }

  untilGone(path: string): Promise<true> {
    return eventually(`${path} to go`, async () => (await this.send("GET", path)).status === 404);
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(
    url: string,
    { method, headers, body }: { method: string; headers: Record<string, string>; body?: string | undefined },
  ): Promise<BatchReply> {
    // Not by the URL class: it would tidy up the very paths that a test is about.
    const [, authority = "", path = ""] = /^https:\/\/([^/]+)(.*)$/s.exec(url) ?? [];
    const [host, port] = authority.split(":");
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { agent: this.#agent, host, port, path, method, headers: { ...length, ...headers } },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const isJson = incoming.headers["content-type"]?.includes("json") && text !== "";
            resolve({
              status: incoming.statusCode ?? 0,
              reason: incoming.statusMessage ?? "",
              headers: incoming.headers,
              text,
              json: isJson ? JSON.parse(text) : undefined,
            });
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }
}

function asDescribed(method: string, path: string, version: string, reply: BatchReply): void {
  const isSelection = /[?&](\$|%24)select=/.test(path);
  const problems = replyProblems({ ...reply, method, path: path.replace(/\?.*/s, ""), version, isSelection });
  if (problems.length > 0) throw new Error(`${method} ${path} is not as described:\n${problems.join("\n")}`);
}
