/**
 * The process in which Azurite runs, on a socket file of the service's folder. Its first line of input brings the secret by which it knows the
 * service, which so appears in no argument and no environment that another process could read; the end of its input is the end of the service, and so of this.
 */
import { timingSafeEqual } from "node:crypto";
import { rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { AZURITE_SOCKET, type AzuriteSecrets } from "./azurite.ts";
import { findTaggedWhole } from "./azurite-tags.ts";

/** Longer than Azurite takes to write its index down. */
const STOP_MS = 5_000;
/** Of a blob that is read. */
const PIECE_BYTES = 512 * 1024;

// The service that reads it may be gone: what is said into its pipe must not end this process before the index is written.
for (const output of [process.stdout, process.stderr]) output.on("error", () => {});

const require = createRequire(import.meta.url);
const input = createInterface({ input: process.stdin });
input.once("line", (line) => run(JSON.parse(line) as AzuriteSecrets));
// Azurite listens for the signal last of all when it starts; sent earlier, it would end the process as it stands.
const isUp = new Promise<void>((resolve) => {
  process.on("newListener", (name) => name === "SIGTERM" && resolve());
});
input.once("close", async () => {
  setTimeout(() => process.exit(1), STOP_MS).unref();
  await isUp;
  process.kill(process.pid, "SIGTERM");
});

function run({ secret }: AzuriteSecrets): void {
  listenOnSocket();
  readInLargePieces();
  believeSecretAlone(secret);
  replace("azurite/dist/src/common/AccountDataStore.js", "getAccount", (name: string) => ({
    name,
    key1: Buffer.alloc(0),
  }));
  // It would ask a copy's source for its leave through the network. The front has asked already.
  replace("azurite/dist/src/blob/handlers/BlobHandler.js", "validateCopySource", async () => {});
  wrap("azurite/dist/src/blob/persistence/LokiBlobMetadataStore.js", "filterBlobs", findTaggedWhole);
  require("azurite/dist/src/blob/main.js");
}

/** The one server of this process. */
function listenOnSocket(): void {
  const { listen } = Server.prototype;
  Server.prototype.listen = function (this: Server, _port: unknown, _host: unknown, then: () => void) {
    rmSync(AZURITE_SOCKET, { force: true });
    // The addresses in replies are those by which clients come, and these come by TLS.
    this.on("connection", (socket: Socket) => Object.assign(socket, { encrypted: true }));
    return listen.call(this, AZURITE_SOCKET, then);
  } as typeof listen;
}

/** A socket file takes a fifth of a megabyte at once: pieces of 64 kB, which files have by themselves, cost twice the processor time. */
function readInLargePieces(): void {
  const files: typeof import("node:fs") = require("node:fs");
  const { createReadStream } = files;
  type Options = Exclude<Parameters<typeof createReadStream>[1], BufferEncoding>;
  files.createReadStream = ((path: string, options: Options) =>
    createReadStream(path, { highWaterMark: PIECE_BYTES, ...options })) as typeof createReadStream;
}

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** In place of keys and signatures, which the front has judged. */
function believeSecretAlone(secret: string): void {
  const expected = Buffer.from(secret);
  replace(
    "azurite/dist/src/blob/middlewares/AuthenticationMiddlewareFactory.js",
    "createAuthenticationMiddleware",
    (): Middleware => (request, response, next) => {
      const given = Buffer.from(request.headers.authorization ?? "");
      if (given.length === expected.length && timingSafeEqual(given, expected)) next();
      else response.writeHead(403, { connection: "close" }).end();
    },
  );
}

/** A method that is not there any more was renamed, and what it did would be done unseen. */
function replace(module: string, method: string, by: unknown): void {
  wrap(module, method, () => by);
}

/** @param by gives what stands in place of the method */
function wrap<Method>(module: string, method: string, by: (own: Method) => unknown): void {
  const { default: replaced } = require(module);
  if (typeof replaced?.prototype?.[method] !== "function") {
    throw new Error(`This version of Azurite is not known here: ${module} has no ${method}.`);
  }
  replaced.prototype[method] = by(replaced.prototype[method]);
}
