/**
 * Azurite as the program that keeps blobs: one child process on a loopback port, started on first use, started again after it died, ended
 * with the service, however that ends. It speaks TLS, for signatures may demand it and nobody else can take its place.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { ClientRequest } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { BlobBackend, BlobBackendAccount, BlobBackendRequest } from "../app/ports/blob-backend.ts";
import { Fault } from "../core/fault.ts";
import { identifyProcess, isAlive, readIdentity } from "./process-identity.ts";

export interface AzuriteOptions {
  /** `<data>/storage`. */
  readonly folder: string;
  readonly accounts: () => readonly BlobBackendAccount[];
  /** What user delegation keys are made with. */
  readonly delegationSecret: Uint8Array;
  /** A certificate for this name, and the authority that signed it. */
  readonly certificate: (name: string) => { readonly cert: string; readonly key: string };
  readonly caFile: string;
  readonly log: (line: string) => void;
}

/** The first line that the child process reads. */
export interface AzuriteSecrets {
  /** `name:key:key;…`, base64. */
  readonly accounts: string;
  /** Base64. */
  readonly delegationSecret: string;
}

/** Also by which the certificate is checked; no name that anybody could look up. */
const SERVER_NAME = "azurite.localhost";
const PROGRAM = fileURLToPath(new URL(`./azurite-process${extname(import.meta.url)}`, import.meta.url));
const START_MS = 30_000;
const STOP_MS = 8_000;
/** A client that is silent for so long has gone; a slow disk has not. */
const SILENCE_MS = 300_000;

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly agent: Agent;
}

export class Azurite implements BlobBackend {
  readonly #options: AzuriteOptions;
  readonly #stateFile: string;
  #running: Promise<Running> | undefined;
  #turn: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: AzuriteOptions) {
    this.#options = options;
    this.#stateFile = join(options.folder, "azurite.json");
  }

  get wasUsed(): boolean {
    return existsSync(this.#stateFile);
  }

  async send({ method, target, host, headers }: BlobBackendRequest): Promise<ClientRequest> {
    await this.#turn;
    this.#running ??= this.#start();
    const { port, agent } = await this.#running;
    const request = httpsRequest({
      host: "127.0.0.1",
      port,
      servername: SERVER_NAME,
      agent,
      method,
      path: target,
      headers: ["host", host, ...headers],
      timeout: SILENCE_MS,
    });
    request.on("timeout", () => request.destroy(new Error("Azurite did not answer in time.")));
    return request;
  }

  /** Azurite looks at its accounts when it starts; what runs at this moment is cut off. */
  refresh(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#stop()).catch(() => {});
    return this.#turn;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.refresh();
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
    const { folder, certificate, accounts, delegationSecret, caFile } = this.#options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await endFormer(this.#stateFile);
    const [certFile, keyFile] = [join(folder, "azurite.pem"), join(folder, "azurite-key.pem")];
    const { cert, key } = certificate(SERVER_NAME);
    writeFileSync(certFile, cert, { mode: 0o600 });
    writeFileSync(keyFile, key, { mode: 0o600 });
    const flags = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--location", folder];
    const words = [...flags, "--cert", certFile, "--key", keyFile, "--skipApiVersionCheck"];
    const child = spawn(process.execPath, [PROGRAM, ...words, "--silent", "--disableTelemetry"], {
      cwd: folder,
      // The pipe of its input ends with this process, whatever ends it.
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH, TZ: process.env.TZ, NODE_ENV: "production" },
    });
    const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    if (identity) writeFileSync(this.#stateFile, JSON.stringify(identity), { mode: 0o600 });
    const secrets: AzuriteSecrets = {
      accounts: accounts().map(accountWords).join(";"),
      delegationSecret: Buffer.from(delegationSecret).toString("base64"),
    };
    child.stdin.on("error", () => {});
    child.stdin.write(`${JSON.stringify(secrets)}\n`);
    const port = await listeningPort(child);
    return { child, port, agent: new Agent({ keepAlive: true, ca: readFileSync(caFile) }) };
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

const accountWords = ({ name, keys }: BlobBackendAccount): string =>
  [name, ...keys.map((key) => Buffer.from(key).toString("base64"))].join(":");

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

/** @throws Fault with the last thing that it said */
async function listeningPort(child: ChildProcess): Promise<number> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error("The process has no output.");
  const said: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<number>();
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
      const port = /successfully listens on https:\/\/[^:]+:(\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  }
  return promise.finally(() => clearTimeout(timer));
}

function unavailable(message: string): Fault {
  return new Fault("StorageUnavailable", message, { status: 503 });
}
