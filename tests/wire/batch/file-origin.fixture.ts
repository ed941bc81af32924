/** An HTTP server with files, and with everything that can go wrong on the way to them. */
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the reply that is cut in the middle holds in the end. */
export const WHOLE = Buffer.alloc(300_000, "batchyard ");

export const BIG_BYTES = 300 * 1024 * 1024;

export class FileOrigin {
  readonly #server: Server;
  /** `<method> <target> <range>` of every request. */
  readonly requests: string[] = [];
  /** Of another server, that nobody trusts. */
  elsewhere = "";

  private constructor() {
    this.#server = createServer((request, reply) => {
      const range = request.headers.range ?? "";
      this.requests.push(`${request.method} ${request.url} ${range}`.trim());
      this.#answer(new URL(request.url ?? "/", this.origin), range, reply);
    });
  }

  static async listen(): Promise<FileOrigin> {
    const origin = new FileOrigin();
    origin.#server.listen(0, "127.0.0.1");
    await once(origin.#server, "listening");
    return origin;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(url: URL, range: string, reply: ServerResponse): void {
    if (url.searchParams.get("comp") === "list") {
      reply.end(listing(url.searchParams.get("prefix") ?? "", url.searchParams.get("marker") ?? ""));
      return;
    }
    const half = WHOLE.length / 2;
    switch (url.pathname) {
      case "/hello":
        reply.end("hello");
        return;
      case "/interrupted":
        if (range === `bytes=${half}-`) {
          const where = `bytes ${half}-${WHOLE.length - 1}/${WHOLE.length}`;
          reply.writeHead(206, { "content-range": where, etag: '"1"' }).end(WHOLE.subarray(half));
          return;
        }
        reply.writeHead(200, { "content-length": WHOLE.length, etag: '"1"' });
        reply.write(WHOLE.subarray(0, half), () => setTimeout(() => reply.destroy(), 50));
        return;
      case "/truncated":
        reply.writeHead(200, { "content-length": WHOLE.length });
        reply.write(WHOLE.subarray(0, half), () => reply.destroy());
        return;
      case "/never":
        reply.writeHead(200, { "content-length": 10 }).write("a");
        return;
      case "/denied":
        reply.writeHead(403).end();
        return;
      case "/busy":
        reply
          .writeHead(this.requests.filter((line) => line === "GET /busy").length > 1 ? 200 : 503)
          .end("at last");
        return;
      case "/to-metadata":
        reply.writeHead(302, { location: "http://169.254.169.254/metadata/instance" }).end();
        return;
      case "/to-loopback":
        reply.writeHead(302, { location: `${this.elsewhere}/hello` }).end();
        return;
      case "/to-hello":
        reply.writeHead(302, { location: "/hello" }).end();
        return;
      case "/big":
        void sendZeros(reply);
        return;
      case "/evil/..%2F..%2Fescaped":
      case "/box/in/one%20%26%20only.txt":
      case "/box/in/two.txt":
        reply.end(url.pathname);
        return;
      default:
        reply.writeHead(404).end();
    }
  }
}

function listing(prefix: string, marker: string): string {
  const blob = (name: string) =>
    `<Blob><Name>${name}</Name><Properties><Content-Length>1</Content-Length></Properties></Blob>`;
  const pages: Record<string, string> = {
    "": `<Blobs>${blob("in/one &amp; only.txt")}${blob("in/")}</Blobs><NextMarker>more</NextMarker>`,
    more: `<Blobs>${blob("in/two.txt")}</Blobs><NextMarker />`,
  };
  const page = prefix === "evil" ? `<Blobs>${blob("../../escaped")}</Blobs><NextMarker />` : pages[marker];
  return `<?xml version="1.0" encoding="utf-8"?><EnumerationResults>${page}</EnumerationResults>`;
}

async function sendZeros(reply: ServerResponse): Promise<void> {
  reply.writeHead(200, { "content-length": BIG_BYTES });
  const piece = Buffer.alloc(1024 * 1024);
  for (let sent = 0; sent < BIG_BYTES && !reply.destroyed; sent += piece.length)
    if (!reply.write(piece)) await once(reply, "drain");
  reply.end();
}
