/**
 * The metadata endpoint of one node. Which node it is, the listening socket says: nothing in a request can name another.
 * On a node with a place of its own the socket was made inside that place; elsewhere it is a port of this machine whose
 * paths begin with a secret that the node's tasks are told.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Server as SocketServer } from "node:net";
import type { IdentityTokens } from "./identity-tokens.ts";
import {
  API_VERSIONS,
  appServiceWish,
  formWish,
  type MetadataRequest,
  type MetadataWish,
  metadataWish,
  refused,
  type TokenAsk,
} from "./metadata-request.ts";

const HEADERS_MAX_BYTES = 8 * 1024;
const FORM_MAX_BYTES = 8 * 1024;
const REQUEST_MS = 5_000;
const IDLE_MS = 5_000;
/** Of one node at a time; more wait in the kernel or are turned away. */
const CONNECTIONS_MAX = 256;

export class MetadataServer {
  readonly #tokens: IdentityTokens;
  readonly #server: Server;
  /** Undefined where the socket itself keeps others out. */
  #secret: string | undefined;

  constructor(tokens: IdentityTokens) {
    this.#tokens = tokens;
    this.#server = createServer(
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

  /** @param socket listens inside the node's place */
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
      if (wish.kind === "refused") reply(response, wish.status, wish.body);
      else if (wish.kind === "versions") reply(response, 200, { apiVersions: API_VERSIONS });
      else await this.#token(response, wish.ask);
    } catch {
      // A client that went away in the middle of its request.
      response.destroy();
    }
  }

  #wish(request: MetadataRequest): MetadataWish {
    if (this.#secret === undefined) return metadataWish(request);
    const [, said = "", inner = ""] = /^\/([^/?]*)(\/.*)?$/.exec(request.target) ?? [];
    if (!isSame(said, this.#secret)) return refused(404, "not_found", "There is nothing here.");
    const inside = { ...request, target: inner };
    if (/^\/msi\/token\/?(\?|$)/.test(inner)) {
      const header = request.headers["x-identity-header"];
      return appServiceWish(inside, typeof header === "string" && isSame(header, this.#secret));
    }
    return /^\/oauth2\/token\/?(\?|$)/.test(inner) ? formWish(inside) : metadataWish(inside);
  }

  async #token(response: ServerResponse, ask: TokenAsk): Promise<void> {
    const answer = await this.#tokens.token(ask);
    if ("refusal" in answer) {
      const { status, error, description } = answer.refusal;
      if (status === 429) response.setHeader("retry-after", "1");
      reply(response, status, { error, error_description: description });
      return;
    }
    const { accessToken, clientId, notBefore, expiresOn, lifetime } = answer.token;
    reply(response, 200, {
      access_token: accessToken,
      client_id: clientId,
      expires_in: String(lifetime),
      expires_on: String(expiresOn),
      ext_expires_in: String(lifetime),
      not_before: String(notBefore),
      resource: ask.resource,
      token_type: "Bearer",
    });
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
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
