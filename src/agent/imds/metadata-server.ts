/**
 * The metadata endpoint of one node. Which node it is, the listening socket says: nothing in a request can name another.
 * On a node with a sandbox of its own the socket was made inside that sandbox; elsewhere it is a port of this machine whose
 * paths begin with a secret that the node's tasks are told.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Server as SocketServer } from "node:net";
import { connectionUser } from "../../core/audit/connection-user.ts";
import { nodeHttp } from "../../core/node-http.ts";
import { IMDS_API_VERSIONS } from "../../wire/imds/api-versions.ts";
import { readKernelTable } from "../id-namespace.ts";
import { type EndpointGuard, shownTarget } from "./endpoint-guard.ts";
import type { IdentityTokens } from "./identity-tokens.ts";
import { instanceMetadata, type NodeInstance, partAt, textOf } from "./instance-metadata.ts";
import {
  appServiceWish,
  formWish,
  type MetadataRequest,
  type MetadataWish,
  metadataWish,
  type RefusedWish,
  refused,
  refusedPlainly,
  type TokenAsk,
} from "./metadata-request.ts";
import type { Refused } from "./request-log.ts";
import { tokenReply } from "./token-reply.ts";

const HEADERS_MAX_BYTES = 8 * 1024;
const FORM_MAX_BYTES = 8 * 1024;
const REQUEST_MS = 5_000;
const IDLE_MS = 5_000;
/** Of one node at a time; more wait in the kernel or are turned away. */
const CONNECTIONS_MAX = 256;
const JSON_TYPE = "application/json; charset=utf-8";

export interface MetadataServerOptions {
  readonly tokens: IdentityTokens;
  /** Undefined where nothing is known of it. */
  readonly instance: NodeInstance | undefined;
  /** Called for each refused request that may have been made to get at an identity. */
  readonly onRefused: (kind: string, make: () => Refused) => void;
  /** Of a pool with the metadata security protocol: it looks at each request, and tells of all. */
  readonly guard?: EndpointGuard | undefined;
}

export class MetadataServer {
  readonly #options: MetadataServerOptions;
  readonly #server: Server;
  #hosts: readonly string[] = ["169.254.169.254", "169.254.169.254:80"];
  /** Undefined where the socket itself keeps others out. */
  #secret: string | undefined;

  constructor(options: MetadataServerOptions) {
    this.#options = options;
    this.#server = nodeHttp.createServer(
      {
        maxHeaderSize: HEADERS_MAX_BYTES,
        requestTimeout: REQUEST_MS,
        headersTimeout: REQUEST_MS,
        keepAliveTimeout: IDLE_MS,
        connectionsCheckingInterval: 1_000,
      },
      (request, response) => void this.#serve(request, response),
    );
    this.#server.maxConnections = CONNECTIONS_MAX;
  }

  /** @param socket listens inside the node's sandbox */
  serveInside(socket: SocketServer): void {
    this.#server.listen(socket);
  }

  /** On a port of this machine. @returns what the node's tasks are to find in their environment */
  async serveBeside(): Promise<readonly (readonly [name: string, value: string])[]> {
    const secret = randomBytes(32).toString("base64url");
    this.#secret = secret;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    const { port } = this.#server.address() as AddressInfo;
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    const base = `http://127.0.0.1:${port}/${secret}`;
    return [
      ["AZURE_POD_IDENTITY_AUTHORITY_HOST", base],
      ["IDENTITY_ENDPOINT", `${base}/msi/token`],
      ["IDENTITY_HEADER", secret],
      ["MSI_ENDPOINT", `${base}/oauth2/token`],
    ];
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const form = request.method === "POST" ? await readForm(request) : "";
      if (form === undefined) {
        request.destroy();
        return;
      }
      const verdict = await this.#options.guard?.judge(request);
      if (verdict?.refusal) {
        const { status, reason } = verdict.refusal;
        replyJson(response, status, { error: reason });
        verdict.answered(this.#shownTarget(request), status);
        return;
      }
      const wish = this.#wish({
        method: request.method ?? "",
        target: request.url ?? "",
        headers: request.headers,
        form,
      });
      const reason = await this.#answer(request, response, wish);
      verdict?.answered(this.#shownTarget(request), response.statusCode, reason);
    } catch {
      // A client that went away in the middle of its request.
      response.destroy();
    }
  }

  /** @returns why it was refused, where it was */
  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    wish: MetadataWish,
  ): Promise<string | undefined> {
    switch (wish.kind) {
      case "refused":
        return this.#refuse(request, response, wish);
      case "versions":
        replyJson(response, 200, { apiVersions: IMDS_API_VERSIONS });
        return undefined;
      case "instance":
        this.#instance(response, wish);
        return undefined;
      case "identityInfo":
        this.#identityInfo(response);
        return undefined;
      case "token":
        return this.#token(request, response, wish.ask);
    }
  }

  #wish(request: MetadataRequest): MetadataWish {
    if (this.#secret === undefined) return metadataWish(request, this.#hosts);
    const [, said = "", inner = ""] = /^\/([^/?]*)(\/.*)?$/.exec(request.target) ?? [];
    if (!isSame(said, this.#secret))
      return refused(404, "not_found", "The address of this endpoint holds a secret, and this is another.");
    const inside = { ...request, target: inner };
    if (/^\/msi\/token\/?(\?|$)/.test(inner)) {
      const header = request.headers["x-identity-header"];
      const isKnown = typeof header === "string" && isSame(header, this.#secret);
      return appServiceWish(inside, this.#hosts, isKnown);
    }
    return /^\/oauth2\/token\/?(\?|$)/.test(inner)
      ? formWish(inside, this.#hosts)
      : metadataWish(inside, this.#hosts);
  }

  #refuse(request: IncomingMessage, response: ServerResponse, wish: RefusedWish): string {
    const { status, body, reason, isAttempt } = wish;
    if (status === 405) response.setHeader("allow", "GET");
    replyJson(response, status, body);
    // A guard tells of all.
    if (!isAttempt || this.#options.guard) return reason;
    const target = this.#shownTarget(request);
    this.#options.onRefused(`${status} ${reason} ${target.split("?", 1)}`, () => {
      // Inside a sandbox everybody is of that node; elsewhere anybody of this machine comes by.
      const from = this.#secret === undefined ? undefined : connectionUser(request.socket, readKernelTable);
      return { target, status, reason, ...(from !== undefined && { from }) };
    });
    return reason;
  }

  #shownTarget({ method = "", url = "" }: IncomingMessage): string {
    return shownTarget(method, this.#secret === undefined ? url : url.replaceAll(this.#secret, "…"));
  }

  #instance(
    response: ServerResponse,
    { version, path, isText }: Extract<MetadataWish, { kind: "instance" }>,
  ): void {
    const { instance } = this.#options;
    const part = instance && partAt(instanceMetadata(instance, version), path);
    if (part === undefined) replyPlainRefusal(response, 404, "Not found");
    else if (isText) reply(response, 200, "text/plain; charset=utf-8", textOf(part));
    else if (typeof part === "string")
      replyPlainRefusal(response, 400, "A single value is had with format=text.");
    else replyJson(response, 200, part);
  }

  #identityInfo(response: ServerResponse): void {
    const { instance } = this.#options;
    if (instance) replyJson(response, 200, { tenantId: instance.facts.tenantId });
    else replyPlainRefusal(response, 404, "Not found");
  }

  async #token(
    request: IncomingMessage,
    response: ServerResponse,
    ask: TokenAsk,
  ): Promise<string | undefined> {
    const answer = await this.#options.tokens.token(ask);
    if ("refusal" in answer) {
      const { status, error, description } = answer.refusal;
      if (status === 429) {
        response.setHeader("retry-after", "1");
        return this.#refuse(request, response, refused(status, error, description));
      }
      replyJson(response, status, { error, error_description: description });
      return description;
    }
    replyJson(response, 200, tokenReply(answer.token, ask.resource));
    return undefined;
  }
}

function replyPlainRefusal(response: ServerResponse, status: number, description: string): void {
  replyJson(response, status, refusedPlainly(status, "", description).body);
}

function replyJson(response: ServerResponse, status: number, body: unknown): void {
  reply(response, status, JSON_TYPE, JSON.stringify(body));
}

function reply(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
  });
  response.end(text);
}

/** @returns undefined for one that is too long */
async function readForm(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > FORM_MAX_BYTES) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function isSame(said: string, secret: string): boolean {
  const [a, b] = [Buffer.from(said), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
