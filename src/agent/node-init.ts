/**
 * One running init: a node's own process, through which all of its runs are started, signalled and killed. It knows
 * numbers and bytes; what a run means to the service is `node-run.ts`'s.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Socket as DatagramSocket } from "node:dgram";
import type { Server, Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { getSystemErrorName } from "node:util";
import type { RunUsage } from "../wire/agent/messages.ts";
import {
  binaryDialect,
  type InitDialect,
  type InitEvent,
  type InitLogin,
  type InitStart,
  initEventReader,
  loginFrame,
  sandboxFrame,
  shellDialect,
  socketFrame,
} from "./init-frames.ts";
import type { InitProgram } from "./init-program.ts";
import { killMarked, nodeMark } from "./marked-processes.ts";

/** What a run hears of itself, in this order; `failed` instead of `started`, and `ended` always. */
export interface RunEvents {
  /** @param since so many milliseconds ago */
  started(since: number): void;
  failed(step: string, errno: number): void;
  /** `ended` follows. */
  signalled?(signal: number): void;
  ended(exitCode: number, usage?: RunUsage): void;
}

type InitProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** As native/sandbox/sandbox.c takes it. */
export interface InitSandbox {
  readonly words: readonly string[];
  readonly view: readonly string[];
}

type AnySocket = Server | Socket | DatagramSocket;

/** One that was asked for. */
interface AskedSocket {
  /** For whom it is, or for what. */
  readonly address: string;
  readonly resolve: (socket: AnySocket) => void;
  readonly reject: (error: Error) => void;
}

/** As much of what an init says on stderr is told when it does not become ready. */
const MAX_COMPLAINT = 500;
/** How long an init may take to end by itself once told to, before it is killed. */
const CLOSE_MS = 2_000;

export class NodeInit {
  readonly containment: "pidNamespace" | "session";
  readonly #process: InitProcess;
  readonly #dialect: InitDialect;
  readonly #mark: string;
  readonly #gone: Promise<void>;
  readonly #runs: Map<number, RunEvents>;
  readonly #sockets: Map<number, AskedSocket>;
  #lastId = 0;

  /**
   * @param nodeRoot the node's folder; marks the node's processes
   * @param sandbox for a node with a sandbox of its own
   * @throws Error when the program does not start or does not become ready
   */
  static start(program: InitProgram, nodeRoot: string, sandbox?: InitSandbox): Promise<NodeInit> {
    const mark = nodeMark(nodeRoot);
    const [file, ...own] = program.command;
    const words = sandbox
      ? ["sandbox", ...sandbox.words]
      : program.dialect === "shell"
        ? [...own, mark]
        : own;
    const child = spawn(file, words, {
      stdio: sandbox ? ["pipe", "pipe", "pipe", "ipc"] : ["pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
    }) as InitProcess;
    if (sandbox) child.stdin.write(sandboxFrame(sandbox.view));
    const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const runs = new Map<number, RunEvents>();
    const sockets = new Map<number, AskedSocket>();
    child.on("message", (id, socket) => {
      sockets.get(Number(id))?.resolve(socket as AnySocket);
      sockets.delete(Number(id));
    });
    void gone.then(() => {
      for (const { reject } of sockets.values()) reject(new Error("The node's init ended."));
      sockets.clear();
    });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (piece: string) => {
      process.stderr.write(piece);
      complaint = `${complaint}${piece}`.slice(-MAX_COMPLAINT);
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      void gone.then(() =>
        reject(new Error(`The node's init ended before it was ready. ${complaint}`.trim())),
      );
      child.stdin.on("error", () => {}); // its end is seen by `gone`
      child.stdout.setEncoding("utf8").on(
        "data",
        initEventReader((event) => {
          if (event.event === "ready") {
            const dialect = program.dialect === "shell" ? shellDialect : binaryDialect;
            resolve(new NodeInit(child, dialect, mark, gone, runs, sockets, event.containment));
          } else if (event.event === "failed" && sockets.has(event.id)) {
            sockets.get(event.id)?.reject(socketError(event, sockets.get(event.id)?.address ?? ""));
            sockets.delete(event.id);
          } else {
            dispatch(runs, event);
          }
        }),
      );
    });
  }

  private constructor(
    child: InitProcess,
    dialect: InitDialect,
    mark: string,
    gone: Promise<void>,
    runs: Map<number, RunEvents>,
    sockets: Map<number, AskedSocket>,
    containment: "pidNamespace" | "session",
  ) {
    this.#process = child;
    this.#dialect = dialect;
    this.#mark = mark;
    this.#gone = gone;
    this.#runs = runs;
    this.#sockets = sockets;
    this.containment = containment;
  }

  /** The id of the process that was started; in a sandbox of the node's own its one child is the init proper. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Resolves when the init has ended, by itself or because it was closed, with everything it held. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  /** Returns the number by which `term` and `kill` know the run. */
  start(run: Omit<InitStart, "id">, events: RunEvents): number {
    const id = ++this.#lastId;
    const order = this.#dialect.start({ ...run, id });
    this.#runs.set(id, events);
    this.#process.stdin.write(order);
    return id;
  }

  /**
   * Runs a program that shares the node's processes, until the last process that it has left behind ends.
   * @returns its number, and the stream that is the program's standard input and output
   */
  login(login: InitLogin, events: RunEvents): { readonly id: number; readonly stream: Promise<Socket> } {
    const id = ++this.#lastId;
    this.#runs.set(id, events);
    const stream = this.#asked(id, "of a login", loginFrame(id, login)) as Promise<Socket>;
    return { id, stream };
  }

  /**
   * A socket that listens inside the node's sandbox; whoever connects to it is one of the node's processes.
   * @param address `<IPv4>:<port>`
   * @throws Error when the address cannot be had
   */
  listen(address: string): Promise<Server> {
    return this.#socket("listen", address) as Promise<Server>;
  }

  /**
   * A socket that connects from inside the node's sandbox, where only the node's own network leads. It may not have done so yet:
   * what becomes of that is heard from the socket.
   * @param address `<IPv4>:<port>` or `[<IPv6>]:<port>`
   * @throws Error when it is clear at once that it cannot
   */
  connect(address: string): Promise<Socket> {
    return this.#socket("connect", address) as Promise<Socket>;
  }

  /**
   * A socket for datagrams inside the node's sandbox.
   * @param address its own: `<IPv4>:<port>` or `[<IPv6>]:<port>`; port 0 for any
   * @throws Error when the address cannot be had
   */
  bind(address: string): Promise<DatagramSocket> {
    return this.#socket("bind", address) as Promise<DatagramSocket>;
  }

  #socket(verb: "listen" | "connect" | "bind", address: string): Promise<AnySocket> {
    const id = ++this.#lastId;
    return this.#asked(id, address, socketFrame(verb, id, address));
  }

  #asked(id: number, address: string, frame: Buffer): Promise<AnySocket> {
    return new Promise((resolve, reject) => {
      if (this.#process.exitCode !== null) reject(new Error("The node's init ended."));
      this.#sockets.set(id, { address, resolve, reject });
      this.#process.stdin.write(frame);
    });
  }

  term(id: number): void {
    if (this.#runs.has(id)) this.#process.stdin.write(this.#dialect.term(id));
  }

  kill(id: number): void {
    if (this.#runs.has(id)) this.#process.stdin.write(this.#dialect.kill(id));
  }

  /** Kills everything on the node and waits until it is dead. Runs do not hear of their end. */
  async close(): Promise<void> {
    this.#runs.clear();
    this.#process.stdin.end();
    const impatient = setTimeout(() => this.#process.kill("SIGKILL"), CLOSE_MS);
    await this.#gone;
    clearTimeout(impatient);
    if (this.containment === "session") await killMarked(this.#mark);
  }
}

function dispatch(runs: Map<number, RunEvents>, event: Exclude<InitEvent, { event: "ready" }>): void {
  const run = runs.get(event.id);
  if (!run) return;
  if (event.event === "started") run.started(event.since);
  else if (event.event === "failed") run.failed(event.step, event.errno);
  else if (event.event === "signalled") run.signalled?.(event.signal);
  else {
    runs.delete(event.id);
    run.ended(event.exitCode, event.usage);
  }
}

function socketError({ step, errno }: { step: string; errno: number }, address: string): Error {
  return new Error(`${step} ${getSystemErrorName(-errno)} ${address}`);
}
