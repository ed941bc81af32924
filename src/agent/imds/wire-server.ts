/**
 * What answers at the address of Azure's host agent on nodes whose pool has the metadata security protocol for it: nothing is served
 * there, whoever asks, but who asks is judged and told as there. On all other nodes nobody listens.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Server as SocketServer } from "node:net";
import { nodeHttp } from "../../core/node-http.ts";
import { type EndpointGuard, shownTarget } from "./endpoint-guard.ts";

const HEADERS_MAX_BYTES = 8 * 1024;
const REQUEST_MS = 5_000;
/** Of one node at a time. */
const CONNECTIONS_MAX = 64;
const NOT_SERVED = { status: 404, reason: "The host of this node has no WireServer." };

export class WireServer {
  readonly #guard: EndpointGuard;
  readonly #server: Server;

  constructor(guard: EndpointGuard) {
    this.#guard = guard;
    this.#server = nodeHttp.createServer(
      {
        maxHeaderSize: HEADERS_MAX_BYTES,
        requestTimeout: REQUEST_MS,
        headersTimeout: REQUEST_MS,
        keepAliveTimeout: REQUEST_MS,
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

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { refusal, answered } = await this.#guard.judge(request);
      const { status, reason } = refusal ?? NOT_SERVED;
      // Nobody reads what it has sent.
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
      response.end(`${reason}\n`);
      answered(shownTarget(request.method ?? "", request.url ?? ""), status, reason);
    } catch {
      response.destroy(); // who asked has gone
    }
  }
}
