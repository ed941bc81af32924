/**
 * Azurite as the program that keeps blobs: one child process on a socket file in a folder of the service's own, started on first use, started
 * again after it died, ended with the service, however that ends. A secret of each start keeps out whoever else could open the file.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import type { Agent, ClientRequest } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { BlobBackend, BlobBackendRequest } from "../app/ports/blob-backend.ts";
import { Fault } from "../core/fault.ts";
import { nodeHttp } from "../core/node-http.ts";
import { identifyProcess, isAlive, readIdentity } from "./process-identity.ts";

export interface AzuriteOptions {
  /** `<data>/storage`. */
  readonly folder: string;
  readonly log: (line: string) => void;
  /** Where Azurite writes all that it does; for tests. */
  readonly debugLog?: string;
}

/** The first line that the child process reads. */
export interface AzuriteSecrets {
  readonly secret: string;
}

/** The socket's name in Azurite's folder. */
export const AZURITE_SOCKET = "azurite.sock";
const PROGRAM = fileURLToPath(new URL(`./azurite-process${extname(import.meta.url)}`, import.meta.url));
const START_MS = 30_000;
const STOP_MS = 8_000;
/** A client that is silent for so long has gone; a slow disk has not. */
const SILENCE_MS = 300_000;

/** The longest path of a socket that the system takes. */
const SOCKET_PATH_MAX = 107;

interface Running {
  readonly child: ChildProcess;
  readonly secret: string;
  readonly agent: Agent;
}

export class Azurite implements BlobBackend {
  readonly #options: AzuriteOptions;
  readonly #stateFile: string;
  #running: Promise<Running> | undefined;
  #folderDescriptor: number | undefined;
  #isClosed = false;

  constructor(options: AzuriteOptions) {
    this.#options = options;
    this.#stateFile = join(options.folder, "azurite.json");
  }

  get wasUsed(): boolean {
    return existsSync(this.#stateFile);
  }

  async send({ method, target, host, headers }: BlobBackendRequest): Promise<ClientRequest> {
    this.#running ??= this.#start();
    const { secret, agent } = await this.#running;
    const request = nodeHttp.request({
      socketPath: this.#socketPath(),
      agent,
      method,
      path: target,
      headers: ["host", host, "authorization", secret, ...headers],
      timeout: SILENCE_MS,
    });
    request.on("timeout", () => request.destroy(new Error("Azurite did not answer in time.")));
    return request;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#stop().catch(() => {});
    if (this.#folderDescriptor !== undefined) closeSync(this.#folderDescriptor);
    this.#folderDescriptor = undefined;
  }

  /** The folder may lie too deep for a socket's path: then by way of its descriptor, which stays open. */
  #socketPath(): string {
    const { folder } = this.#options;
    const path = join(folder, AZURITE_SOCKET);
    if (Buffer.byteLength(path) <= SOCKET_PATH_MAX) return path;
    this.#folderDescriptor ??= openSync(folder, "r");
    return `/proc/self/fd/${this.#folderDescriptor}/${AZURITE_SOCKET}`;
  }

  #start(): Promise<Running> {
    const starting = this.#spawn();
    starting.then(
      ({ child }) => child.once("exit", () => this.#forget(starting)),
      () => this.#forget(starting),
    );
    return starting;
  }

  #forget(running: Promise<Running>): void {
    if (this.#running !== running) return;
    this.#running = undefined;
    if (!this.#isClosed) this.#options.log("azurite has ended; the next request starts it again");
  }

  async #spawn(): Promise<Running> {
    if (this.#isClosed) throw unavailable("The service is stopping.");
    if (!isInstalled()) {
      throw unavailable("Blob storage needs Azurite, which is not installed: npm install azurite");
    }
    const { folder, debugLog } = this.#options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await endFormer(this.#stateFile);
    // Neither host nor port is used: the process listens on its socket.
    const flags = [
      "--blobHost",
      "127.0.0.1",
      "--blobPort",
      "0",
      "--location",
      folder,
      "--skipApiVersionCheck",
    ];
    const debug = debugLog === undefined ? [] : ["--debug", debugLog];
    const child = spawn(process.execPath, [PROGRAM, ...flags, "--silent", "--disableTelemetry", ...debug], {
      cwd: folder,
      // The pipe of its input ends with this process, whatever ends it.
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH, TZ: process.env.TZ, NODE_ENV: "production" },
    });
    const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    if (identity) writeFileSync(this.#stateFile, JSON.stringify(identity), { mode: 0o600 });
    const secret = randomBytes(32).toString("base64url");
    child.stdin.on("error", () => {});
    child.stdin.write(`${JSON.stringify({ secret } satisfies AzuriteSecrets)}\n`);
    await listens(child);
    return { child, secret, agent: new nodeHttp.Agent({ keepAlive: true }) };
  }

  async #stop(): Promise<void> {
    const running = await this.#running?.catch(() => undefined);
    this.#running = undefined;
    if (!running) return;
    const { child, agent } = running;
    agent.destroy();
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.stdin?.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(timer);
  }
}

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve("azurite/package.json");
    return true;
  } catch {
    return false;
  }
}

/** One of a service that was killed may still be writing; two must never share the folder. */
async function endFormer(stateFile: string): Promise<void> {
  const former = readIdentity(stateFile);
  if (!former) return;
  const killAt = Date.now() + STOP_MS;
  while (isAlive(former)) {
    if (Date.now() > killAt) process.kill(former.pid, "SIGKILL");
    await delay(20);
  }
}

/** Resolves once it does. @throws Fault with the last thing that it said */
async function listens(child: ChildProcess): Promise<void> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error("The process has no output.");
  const said: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (why: string) => {
    child.kill("SIGKILL");
    reject(unavailable(`Azurite does not start: ${why}. ${said.slice(-3).join(" ")}`.trim()));
  };
  const timer = setTimeout(() => fail("it is silent"), START_MS);
  child.once("error", ({ message }) => fail(message));
  child.once("exit", (code, signal) => fail(`it ended with ${code ?? signal}`));
  for (const stream of [stdout, stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      said.push(line.slice(0, 500));
      said.splice(0, said.length - 10);
      if (line.includes("successfully listens on")) resolve();
    });
  }
  return promise.finally(() => clearTimeout(timer));
}

function unavailable(message: string): Fault {
  return new Fault("StorageUnavailable", message, { status: 503 });
}
