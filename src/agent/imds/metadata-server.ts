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
import type { Refused } from "./refused-requests.ts";
import { tokenReply } from "./token-reply.ts";

const HEADERS_MAX_BYTES = 8 * 1024;
const FORM_MAX_BYTES = 8 * 1024;
const REQUEST_MS = 5_000;
const IDLE_MS = 5_000;
/** Of one node at a time; more wait in the kernel or are turned away. */
const CONNECTIONS_MAX = 256;
const TARGET_SHOWN_MAX = 300;
const JSON_TYPE = "application/json; charset=utf-8";

export interface MetadataServerOptions {
  readonly tokens: IdentityTokens;
  /** Undefined where nothing is known of it. */
  readonly instance: NodeInstance | undefined;
  /** Called for each refused request that may have been made to get at an identity. */
  readonly onRefused: (kind: string, make: () => Refused) => void;
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
      const wish = this.#wish({
        method: request.method ?? "",
        target: request.url ?? "",
        headers: request.headers,
        form,
      });
      switch (wish.kind) {
        case "refused":
          this.#refuse(request, response, wish);
          break;
        case "versions":
          replyJson(response, 200, { apiVersions: IMDS_API_VERSIONS });
          break;
        case "instance":
          this.#instance(response, wish);
          break;
        case "identityInfo":
          this.#identityInfo(response);
          break;
        case "token":
          await this.#token(request, response, wish.ask);
      }
    } catch {
      // A client that went away in the middle of its request.
      response.destroy();
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

  #refuse(request: IncomingMessage, response: ServerResponse, wish: RefusedWish): void {
    const { status, body, reason, isAttempt } = wish;
    if (status === 405) response.setHeader("allow", "GET");
    replyJson(response, status, body);
    if (!isAttempt) return;
    const target = this.#shownTarget(request);
    this.#options.onRefused(`${status} ${reason} ${target.split("?", 1)}`, () => {
      // Inside a sandbox everybody is of that node; elsewhere anybody of this machine comes by.
      const from = this.#secret === undefined ? undefined : connectionUser(request.socket, readKernelTable);
      return { target, status, reason, ...(from !== undefined && { from }) };
    });
  }

  #shownTarget({ method = "", url = "" }: IncomingMessage): string {
    const target = this.#secret === undefined ? url : url.replaceAll(this.#secret, "…");
    const shown = target.length > TARGET_SHOWN_MAX ? `${target.slice(0, TARGET_SHOWN_MAX)}…` : target;
    return method === "GET" ? shown : `${method} ${shown}`;
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

  async #token(request: IncomingMessage, response: ServerResponse, ask: TokenAsk): Promise<void> {
    const answer = await this.#options.tokens.token(ask);
    if ("refusal" in answer) {
      const { status, error, description } = answer.refusal;
      if (status === 429) {
        response.setHeader("retry-after", "1");
        this.#refuse(request, response, refused(status, error, description));
      } else replyJson(response, status, { error, error_description: description });
      return;
    }
    replyJson(response, 200, tokenReply(answer.token, ask.resource));
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
