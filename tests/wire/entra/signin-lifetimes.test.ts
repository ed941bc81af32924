/**
 * Official clients that outlive their tokens: their clock, which libfaketime moves, goes with the service's. Each renews its
 * token in time, and not more often than that.
 */
import { spawn } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environmentWith, proxyVariables } from "../../../src/cli/connect/connect-mode.ts";
import { missing, programFile } from "../client-program.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const FAKETIME = `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/faketime/libfaketimeMT.so.1`;
const PYTHON = "/usr/bin/python3";
const CALLS = 300;
/** Three lifetimes of an hour in 300 steps. */
const STEP_SECONDS = (3 * 3600) / CALLS;
/** One to begin with, and one whenever the last has five minutes left: at 55, 110 and 165 minutes of 180. */
const TOKENS = 4;

const lacksFaketime = !existsSync(FAKETIME);
if (lacksFaketime) console.warn(`SKIPPED: libfaketime is not installed here (${FAKETIME})`);

describe.skipIf(lacksFaketime)("300 calls in three lifetimes of a token", { timeout: 60_000 }, () => {
  let service: RunningService;
  let folder: string;
  beforeAll(async () => {
    service = await runningService({ testControls: true });
    folder = mkdtempSync(join(tmpdir(), "lifetimes-"));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await service?.close();
  });

  const lacksPython = missing("azure-batch and azure-identity for Python", PYTHON, [
    "-c",
    "import azure.batch, azure.common.credentials, azure.identity",
  ]);
  test.skipIf(lacksPython)("ADAL for Python, in azure-batch", () =>
    expectTokens([PYTHON, programFile("lifetimes.py"), "adal"]),
  );
  test.skipIf(lacksPython)("azure-identity for Python", () =>
    expectTokens([PYTHON, programFile("lifetimes.py"), "identity"]),
  );
  test("@azure/identity", () => expectTokens([process.execPath, programFile("lifetimes.mjs")]));

  async function expectTokens([program = "", ...words]: readonly string[]): Promise<void> {
    let tokens = 0;
    const statuses: number[] = [];
    const count = (message: unknown) => {
      const { request, response } = message as { request: IncomingMessage; response: { statusCode: number } };
      const path = (request.url ?? "").split("?", 1)[0] ?? "";
      if (path.endsWith("/token")) tokens++;
      else if (path.includes("/pools/none")) statuses.push(response.statusCode);
    };
    const clock = new TestClock(service, join(folder, "offset"));
    const child = spawn(program, words, {
      env: {
        ...environmentWith(proxyVariables(service.ready)),
        ...(await clock.environment()),
        PYTHONDONTWRITEBYTECODE: "1",
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const errors = text(child.stderr);
    const ended = once(child, "close");
    subscribe("http.server.response.finish", count);
    try {
      const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      for (let call = 0; call < CALLS; call++) {
        child.stdin.write("\n");
        const { value } = await answers.next();
        if (value !== "False") throw new Error(`call ${call} was answered ${value}:\n${await errors}`);
        await clock.advance(STEP_SECONDS);
      }
    } finally {
      unsubscribe("http.server.response.finish", count);
      child.stdin.end();
      await ended;
    }
    expect(statuses).toEqual(Array(CALLS).fill(404));
    expect(tokens).toBe(TOKENS);
  }
});

/** The service's clock and the programs', in one. */
class TestClock {
  readonly #url: string;
  readonly #file: string;

  constructor({ ready }: RunningService, file: string) {
    this.#url = `${ready.plain}/test-controls/clock`;
    this.#file = file;
  }

  async environment(): Promise<NodeJS.ProcessEnv> {
    await this.#tell(await this.#ask());
    return {
      LD_PRELOAD: FAKETIME,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: "1",
      // What waits and times out does so by the monotonic clock, which stays the machine's.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      DONT_FAKE_MONOTONIC: "1",
    };
  }

  async advance(seconds: number): Promise<void> {
    const body = JSON.stringify({ advanceMilliseconds: seconds * 1000 });
    await this.#tell(await this.#ask({ method: "POST", body }));
  }

  async #ask(init: RequestInit = {}): Promise<number> {
    const { now } = (await (await fetch(this.#url, init)).json()) as { now: string };
    return Date.parse(now);
  }

  /** At once: a program that looks meanwhile finds the old offset or the new one. */
  async #tell(now: number): Promise<void> {
    writeFileSync(`${this.#file}.new`, `+${Math.round((now - Date.now()) / 1000)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
