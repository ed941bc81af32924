/**
 * The way of the programs that mount a node's containers to their storage: a proxy on this machine's loopback, for them alone. It leads to the one
 * host of the mount that the caller's secret names, wherever that is at the moment, and gives out tokens of the mount's identity. What goes
 * through it is TLS and none of its business.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type AddressInfo, connect, isIPv4, type Socket } from "node:net";
import { nodeHttp } from "../../core/node-http.ts";
import { mayConnectTo } from "../../core/transfer/address-rules.ts";
import type { ServiceReach } from "../../wire/agent/configuration.ts";
import type { MountSpec } from "../../wire/agent/messages.ts";
import { BLOB_SUFFIX } from "../../wire/storage/blob-names.ts";
import type { IdentityTokens } from "../imds/identity-tokens.ts";
import { tokenReply } from "../imds/token-reply.ts";
import { addressesOf, ownAddresses } from "../transfer/outbound-request.ts";

export interface MountRelayOptions {
  readonly reach: () => ServiceReach | undefined;
  readonly tokens: IdentityTokens;
  /** The node reaches nothing but the service. */
  readonly isOffline: boolean;
}

const CONNECTIONS_MAX = 256;
const HEADERS_MAX_BYTES = 8 * 1024;
const STORAGE = "https://storage.azure.com";
/** How long a connection to the storage may take to come. Milliseconds. */
const CONNECT_MS = 10_000;

export class MountRelay {
  readonly #options: MountRelayOptions;
  readonly #server: Server;
  /** By the secrets that the programs were given. */
  readonly #mounts = new Map<string, MountSpec>();
  readonly #sockets = new Set<Socket>();

  private constructor(options: MountRelayOptions) {
    this.#options = options;
    this.#server = nodeHttp.createServer({ maxHeaderSize: HEADERS_MAX_BYTES }, (request, response) => {
      this.#token(request, response).catch(() => response.destroy());
    });
    this.#server.maxConnections = CONNECTIONS_MAX;
    this.#server.on("connect", (request: IncomingMessage, socket: Socket) => {
      this.#hold(socket);
      this.#lead(request, socket).catch(() => socket.destroy());
    });
  }

  static async listen(options: MountRelayOptions): Promise<MountRelay> {
    const relay = new MountRelay(options);
    await new Promise<void>((resolve, reject) => {
      relay.#server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    return relay;
  }

  /** @returns the proxy's URL for whoever mounts it */
  admit(mount: MountSpec): string {
    const secret = randomBytes(32).toString("base64url");
    this.#mounts.set(secret, mount);
    const { port } = this.#server.address() as AddressInfo;
    return `http://mount:${secret}@127.0.0.1:${port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
  }

  #mountOf({ headers }: IncomingMessage): MountSpec | undefined {
    const [scheme, said = ""] = (headers["proxy-authorization"] ?? "").split(" ", 2);
    if (scheme !== "Basic") return undefined;
    const given = Buffer.from(said, "base64");
    for (const [secret, mount] of this.#mounts) {
      const known = Buffer.from(`mount:${secret}`);
      if (given.length === known.length && timingSafeEqual(given, known)) return mount;
    }
    return undefined;
  }

  async #lead(request: IncomingMessage, socket: Socket): Promise<void> {
    const mount = this.#mountOf(request);
    if (!mount) return refuse(socket, "407 Proxy Authentication Required");
    const host = `${mount.account}${BLOB_SUFFIX}`;
    if (request.url !== `${host}:443`) return refuse(socket, "403 Forbidden");
    const place = await this.#placeOf(host, mount);
    if (!place) return refuse(socket, "403 Forbidden");
    const onwards = connect({ ...place, timeout: CONNECT_MS });
    this.#hold(onwards);
    onwards.once("timeout", () => onwards.destroy());
    onwards.once("connect", () => {
      onwards.setTimeout(0);
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      socket.pipe(onwards).pipe(socket);
    });
    onwards.on("close", () => socket.destroy());
    socket.on("close", () => onwards.destroy());
  }

  async #placeOf(host: string, mount: MountSpec): Promise<{ host: string; port: number } | undefined> {
    const reach = this.#options.reach();
    const { main } = reach?.ports ?? {};
    if (reach?.azureNames.includes(host) && main !== undefined)
      return { host: reach.host ?? "127.0.0.1", port: main };
    // Others' storage; a token is for the service's own alone.
    if (this.#options.isOffline || mount.identity !== undefined) return undefined;
    const addresses = await addressesOf(host);
    const address = addresses.find(isIPv4) ?? addresses[0];
    if (address === undefined || !mayConnectTo(address, ownAddresses())) return undefined;
    return { host: address, port: 443 };
  }

  /** As Azure's metadata endpoint answers; the identity is the mount's, whatever is asked for. */
  async #token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const identity = this.#mountOf(request)?.identity;
    const isTokens = /^http:\/\/169\.254\.169\.254\/metadata\/identity\/oauth2\/token\?/.test(
      request.url ?? "",
    );
    if (identity === undefined || !isTokens || request.method !== "GET") {
      response.writeHead(403).end();
      return;
    }
    const answer = await this.#options.tokens.token({
      resource: STORAGE,
      identity: { by: "mi_res_id", value: identity },
      isFresh: false,
    });
    if ("token" in answer) {
      reply(response, 200, tokenReply(answer.token, STORAGE));
      return;
    }
    const { status, error, description } = answer.refusal;
    reply(response, status, { error, error_description: description });
  }
}

function refuse(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`);
}

function reply(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
