/**
 * One attempt on its node, from the order to start it until nothing of it is alive. It owns the attempt's clock: the
 * wall-clock limit and the grace between SIGTERM and SIGKILL.
 */
import { getSystemErrorMessage, getSystemErrorName } from "node:util";
import type { RunEnd, RunReport, RunSpec, RunUsage } from "../../wire/agent/messages.ts";
import type { InitStart } from "../init-frames.ts";
import type { NodeInit } from "../node-init.ts";
import { saidEnd } from "../said.ts";

/** Between SIGTERM and SIGKILL for a run that has reached its wall-clock limit. */
const TIMEOUT_GRACE_MS = 2_000;
/** SIGKILL is sent again so often, for the shell init may be deaf while it starts a run. */
const KILL_REPEAT_MS = 500;
/** The longest delay that a timer takes. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export class NodeRun {
  readonly spec: RunSpec;
  readonly #onStarted: (run: NodeRun) => void;
  readonly #onEnded: (report: RunReport) => void;
  #startTime: string | undefined;
  #failure: RunEnd | undefined;
  #usage: RunUsage | undefined;
  #signal: number | undefined;
  #stopped: "stopped" | "timedOut" | undefined;
  #limit: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
  #init: NodeInit | undefined;
  #id = 0;
  #over = false;
  /** Made when somebody asks: most runs have nothing around their command. */
  #halt: AbortController | undefined;

  constructor(spec: RunSpec, onStarted: (run: NodeRun) => void, onEnded: (report: RunReport) => void) {
    this.spec = spec;
    this.#onStarted = onStarted;
    this.#onEnded = onEnded;
  }

  /** ISO 8601; undefined while nothing of it runs. */
  get startTime(): string | undefined {
    return this.#startTime;
  }

  /** By which its node's init knows it; 0 before the launch. */
  get number(): number {
    return this.#id;
  }

  /** Aborted when what is done around the command, before it or after, is not wanted any more. */
  get halted(): AbortSignal {
    this.#halt ??= new AbortController();
    if (this.#over) this.#halt.abort();
    return this.#halt.signal;
  }

  /**
   * Hands the run to its node's init, unless it has been stopped before its node was there.
   * @param afterwards what is still done once the command has ended by itself or by its time limit; `halted` cuts it short
   */
  launch(
    init: NodeInit,
    start: Omit<InitStart, "id">,
    afterwards?: (exitCode: number) => Promise<RunEnd>,
  ): void {
    if (this.#over) return;
    this.#init = init;
    this.#id = init.start(start, {
      started: (since) => {
        this.#startTime = new Date(Date.now() - since).toISOString();
        if (this.spec.wallClockMs !== undefined) this.#limitAfter(this.spec.wallClockMs - since);
        this.#onStarted(this);
      },
      failed: (step, errno) => {
        this.#failure = failureToStart(step, errno, start.argv[0]);
      },
      signalled: (signal) => {
        this.#signal = signal;
      },
      ended: (code, usage) => {
        if (!this.#failure) this.#usage = usage;
        // As the service's node agent tells it; a shell's own 128 + signal stays what the shell said.
        const exitCode = this.#signal === undefined ? code : -this.#signal;
        if (!afterwards || this.#failure || this.#stopped === "stopped") {
          this.end(this.#failure ?? { kind: "exited", exitCode });
          return;
        }
        // There is nothing left to signal: a stop is the end from now on.
        this.#init = undefined;
        clearTimeout(this.#limit);
        clearTimeout(this.#grace);
        void afterwards(exitCode).then((end) => this.end(end));
      },
    });
  }

  /** SIGTERM, and SIGKILL after the grace. Asked again, the new grace counts. Before the launch it is the end. */
  stop(graceMs: number, why: "stopped" | "timedOut" = "stopped"): void {
    this.#stopped ??= why;
    if (!this.#init) {
      this.end({ kind: "stopped" });
      return;
    }
    clearTimeout(this.#grace);
    if (graceMs > 0) this.#init.term(this.#id);
    this.#grace = setTimeout(() => this.#kill(), Math.min(graceMs, TIMER_MAX_MS));
  }

  /** Kills it, as what the node does not let run. @param code a `TaskFailureInformation` code */
  refuse(code: string, message: string): void {
    const failure: RunEnd = { kind: "failedToStart", code, message };
    if (!this.#init) {
      this.end(failure);
      return;
    }
    this.#failure ??= failure;
    this.#kill();
  }

  /** The run is over, and nothing of it is alive. How it was stopped, if it was, tells more than its exit code. */
  end(end: RunEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#halt?.abort();
    clearTimeout(this.#limit);
    clearTimeout(this.#grace);
    this.#onEnded({
      run: this.spec.run,
      nodeKey: this.spec.nodeKey,
      ...(this.#startTime === undefined ? {} : { startTime: this.#startTime }),
      endTime: new Date().toISOString(),
      end: this.#stopped ? { kind: this.#stopped } : saidEnd(end),
      ...(this.#usage && { usage: this.#usage }),
    });
  }

  #kill(): void {
    this.#init?.kill(this.#id);
    this.#grace = setTimeout(() => this.#kill(), KILL_REPEAT_MS);
  }

  #limitAfter(ms: number): void {
    this.#limit =
      ms > TIMER_MAX_MS
        ? setTimeout(() => this.#limitAfter(ms - TIMER_MAX_MS), TIMER_MAX_MS)
        : setTimeout(() => this.stop(TIMEOUT_GRACE_MS, "timedOut"), ms);
  }
}

/** The codes are those of `TaskFailureInformation`, see the page "Azure Batch task failure information error codes". */
function failureToStart(step: string, errno: number, program: string): RunEnd {
  const error = errno === 0 ? "UNKNOWN" : getSystemErrorName(-errno);
  const because = errno === 0 ? "" : `: ${getSystemErrorMessage(-errno)}`;
  const failed = (code: string, message: string): RunEnd => ({ kind: "failedToStart", code, message });
  if (error === "ENOSPC") return failed("DiskFull", "The node's disk is full");
  switch (step) {
    case "program":
      return error === "ENOENT"
        ? failed("CommandProgramNotFound", "The specified command program is not found")
        : failed("CommandLaunchFailed", `Failed to launch ${JSON.stringify(program)}${because}`);
    case "container":
      return failed("ContainerMiscError", `Failed to make the task's container${because}`);
    case "limit":
      return failed(
        "ContainerInvalidSettings",
        `containerSettings: a limit is above what the node has${because}`,
      );
    case "folder":
    case "files":
      return failed("ResourceDirectoryCreateFailed", `Failed to make the task's folder${because}`);
    default:
      return failed("CommandLaunchFailed", `Failed to make a process for the task${because}`);
  }
}
