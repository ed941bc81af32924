/**
 * One running init: a node's own process, through which all of its runs are started, signalled and killed. It knows
 * numbers and bytes; what a run means to the service is `node-run.ts`'s.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import {
  binaryDialect,
  type InitDialect,
  type InitEvent,
  type InitStart,
  initEventReader,
  shellDialect,
} from "./init-frames.ts";
import type { InitProgram } from "./init-program.ts";
import { killMarked, nodeMark } from "./marked-processes.ts";

/** What a run hears of itself, in this order; `failed` instead of `started`, and `ended` always. */
export interface RunEvents {
  started(): void;
  failed(step: string, errno: number): void;
  ended(exitCode: number): void;
}

/** How long an init may take to end by itself once told to, before it is killed. */
const CLOSE_MS = 2_000;

export class NodeInit {
  readonly containment: "pidNamespace" | "session";
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #dialect: InitDialect;
  readonly #mark: string;
  readonly #gone: Promise<void>;
  readonly #runs: Map<number, RunEvents>;
  #lastId = 0;

  /**
   * @param nodeRoot the node's folder; marks the node's processes
   * @throws Error when the program does not start or does not become ready
   */
  static start(program: InitProgram, nodeRoot: string): Promise<NodeInit> {
    const mark = nodeMark(nodeRoot);
    const [file, ...words] = program.command;
    const child = spawn(file, program.dialect === "shell" ? [...words, mark] : words, {
      stdio: ["pipe", "pipe", "inherit"],
      env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
    });
    const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const runs = new Map<number, RunEvents>();
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      void gone.then(() => reject(new Error("The node's init ended before it was ready.")));
      child.stdin.on("error", () => {}); // its end is seen by `gone`
      child.stdout.setEncoding("utf8").on(
        "data",
        initEventReader((event) => {
          if (event.event === "ready") {
            const dialect = program.dialect === "shell" ? shellDialect : binaryDialect;
            resolve(new NodeInit(child, dialect, mark, gone, runs, event.containment));
          } else {
            dispatch(runs, event);
          }
        }),
      );
    });
  }

  private constructor(
    child: ChildProcessByStdio<Writable, Readable, null>,
    dialect: InitDialect,
    mark: string,
    gone: Promise<void>,
    runs: Map<number, RunEvents>,
    containment: "pidNamespace" | "session",
  ) {
    this.#process = child;
    this.#dialect = dialect;
    this.#mark = mark;
    this.#gone = gone;
    this.#runs = runs;
    this.containment = containment;
  }

  /** Resolves when the init has ended, by itself or because it was closed, with everything it held. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  /** Returns the number by which `term` and `kill` know the run. */
  start(run: Omit<InitStart, "id">, events: RunEvents): number {
    const id = ++this.#lastId;
    this.#runs.set(id, events);
    this.#process.stdin.write(this.#dialect.start({ ...run, id }));
    return id;
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
  if (event.event === "started") run.started();
  else if (event.event === "failed") run.failed(event.step, event.errno);
  else {
    runs.delete(event.id);
    run.ended(event.exitCode);
  }
}
