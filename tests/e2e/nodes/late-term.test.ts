/** A SIGTERM that is meant for a run, and comes while its keeper tells of its end: the keeper's next run is nobody's to stop. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { findInitProgram } from "../../../src/agent/init-program.ts";
import { until } from "../agent/agent-bench.ts";

const SIGTERM = 1n << 14n;
const folder = mkdtempSync(join(tmpdir(), "late-term-"));
let init: ChildProcess | undefined;
let events: Events | undefined;
afterEach(async () => {
  const ended = init && init.exitCode === null && once(init, "exit");
  init?.stdin?.end();
  events?.drain();
  await ended;
  events?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the init and its keepers say: a pipe that is read when this test wants it to be, and of which it can take all the room. */
class Events {
  readonly #fd: number;
  /** The end of the init. */
  readonly inlet: number;
  #said = "";

  constructor(path: string) {
    execFileSync("mkfifo", [path]);
    this.#fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    this.inlet = openSync(path, constants.O_WRONLY);
  }

  fill(): void {
    try {
      for (;;) writeSync(this.#fd, "\n");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }

  drain(): string {
    const bytes = Buffer.alloc(65_536);
    try {
      for (;;) this.#said += bytes.toString("latin1", 0, readSync(this.#fd, bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
    return this.#said;
  }

  close(): void {
    closeSync(this.inlet);
    closeSync(this.#fd);
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);
}

/** Of proc_pid_status(5). */
function status(pid: number, name: string): string {
  return new RegExp(`^${name}:\\t(\\S+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";
}
const holdsTerm = (pid: number, name: string) => (BigInt(`0x${status(pid, name)}`) & SIGTERM) !== 0n;
const sleeps = (pid: number) => status(pid, "State") === "S";

function start(run: number, script: string): string {
  const words = [join(folder, String(run)), "nonadmin", "own", "", "", "0", "3", "/bin/sh", "-c", script];
  const payload = `${[...words, "PATH=/usr/bin:/bin"].join("\0")}\0`;
  return `start ${run} ${Buffer.byteLength(payload)}\n${payload}`;
}

/** Says that it runs, and ends when it is told to. */
const waiting = (run: number) =>
  `: >${folder}/runs${run}; until [ -e ${folder}/go${run} ]; do sleep 0.02; done`;
const runs = (run: number) => until(`run ${run}`, () => existsSync(join(folder, `runs${run}`)));
const end = (run: number) => writeFileSync(join(folder, `go${run}`), "");

test("a run that begins where another has just ended gets none of its signals", async () => {
  const program = await findInitProgram(folder, process.env.BATCHYARD_NODE_INIT);
  if (program.dialect === "shell") return console.warn(`skipped: the C init's keepers (${program.reason})`);
  if (process.getuid?.() !== 0)
    return console.warn("skipped: a run of another user's, outside a sandbox, is root's to start");
  events = new Events(join(folder, "events"));
  const said = (text: string) => until(text, () => events?.drain().includes(text));
  const [file, ...words] = program.command;
  init = spawn(file, words, { stdio: ["pipe", events.inlet, "inherit"], env: {} });
  const holder = init.pid ?? 0;
  await said("ready");
  if (!events.drain().includes("ready pid+proc")) return console.warn("skipped: no keeper stands ready here");

  init.stdin?.write(start(1, waiting(1)));
  await runs(1);
  await said("started 1");
  const [node = 0] = childrenOf(holder);
  const [keeper = 0] = childrenOf(node);
  events.fill();
  end(1);
  // It is about to say so, and cannot.
  await until(
    "the run's end",
    () => childrenOf(keeper).length === 0 && holdsTerm(keeper, "SigBlk") && sleeps(keeper),
  );
  init.stdin?.write("term 1 0\n");
  await until("the signal", () => holdsTerm(keeper, "ShdPnd"));
  await said("ended 1 0");
  await until("the keeper", () => sleeps(keeper));
  init.stdin?.write(start(2, waiting(2)));
  await runs(2);
  expect(childrenOf(node)).toEqual([keeper]);
  await until("the signal's end", () => !holdsTerm(keeper, "ShdPnd"));
  end(2);
  await said("ended 2");
  expect(events.drain()).toMatch(/ended 2 0 /);
  expect(events.drain()).not.toContain("signalled");
});
