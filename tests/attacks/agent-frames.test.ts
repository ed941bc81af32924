/** What would be won by whoever could speak to an agent as its service, or to a node's init as its agent: an end of all that runs below it. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { Agent } from "../../src/agent/agent.ts";
import type { HostedKeys } from "../../src/agent/hosted-keys.ts";
import { findInitProgram } from "../../src/agent/init-program.ts";
import type { NodeHost } from "../../src/agent/node-host.ts";
import { FrameFault, readFrame } from "../../src/wire/agent/frame.ts";
import { toAgent } from "../../src/wire/agent/to-agent.ts";
import { randomFrom, type SeededRandom } from "../e2e/chaos/seeded-random.ts";
import { LoopStalls } from "./loop-stalls.ts";
import { randomFrame, trueMessages } from "./random-frames.ts";

/** More by hand: FUZZ_FRAMES=100000 */
const FRAMES = Number(process.env.FUZZ_FRAMES ?? 3_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_130);
const STALL_MS = 100;

const folder = mkdtempSync(join(tmpdir(), "agent-frames-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The link closes a connection after each frame that does not fit, and waits a second: what it does with one is tried without it. */
test("one of many random frames of a service ends the agent, or stops it", { timeout: 600_000 }, async () => {
  const random = randomFrom(SEED);
  const messages = trueMessages("toAgent");
  const nothing = () => {};
  const host = {
    nodesFolder: folder,
    reach: undefined,
    isolationFor: () => Promise.reject(new Error("there are no nodes here")),
    identities: { receive: nothing, cancelAll: nothing },
    requestLog: { takeUntold: () => [] },
  };
  const agent = new Agent({
    agentId: "fuzzed",
    incarnation: "1",
    host: host as unknown as NodeHost,
    hostedKeys: { add: nothing, remove: nothing } as unknown as HostedKeys,
    send: nothing,
    sendChunk: async () => {},
    onShutdown: nothing,
    log: nothing,
  });
  const stalls = new LoopStalls();
  let fitting = 0;
  for (let sent = 0; sent < FRAMES; sent++) {
    const frame = randomFrame(random, messages);
    try {
      const fits = readFrame(frame.toString(), toAgent);
      fitting++;
      for (const message of fits) agent.receive(message);
    } catch (error) {
      // The link closes the connection. What fits, it could handle.
      expect(error).toBeInstanceOf(FrameFault);
    }
    await nextTurn();
  }
  stalls.stop();
  const { longest } = stalls;
  console.log(`${FRAMES} frames, ${fitting} of them right: the longest stall was ${longest.toFixed()} ms`);
  expect(fitting).toBeGreaterThan(0);
  expect(agent.greeting()[0]).toMatchObject({ t: "hello", agentId: "fuzzed" });
  expect(longest).toBeLessThan(STALL_MS);
  await agent.killAll();
});

/** Beyond all that a process can address, and divisible by three. */
const TOO_MANY = String(3 * 2 ** 45);

const COUNTS: readonly (readonly [what: string, counts: readonly string[]])[] = [
  ["pieces", [TOO_MANY, "1"]],
  ["words", ["0", TOO_MANY]],
];

test.each(COUNTS)(
  "an order that counts more than it holds makes a run read what is not of it: %s",
  async (_, counts) => {
    const program = await findInitProgram(folder, "session");
    if (program.dialect === "shell") return console.warn(`skipped: orders to the C init (${program.reason})`);
    const [file, ...words] = program.command;
    const init = spawn(file, words, {
      cwd: folder,
      stdio: ["pipe", "pipe", "ignore"],
      env: {},
      timeout: 20_000,
    });
    const payload = [folder, "own", "own", "", "a", ...counts, "/bin/true", "A=B"]
      .map((each) => `${each}\0`)
      .join("");
    init.stdin.end(`start 1 ${Buffer.byteLength(payload)}\n${payload}`);
    const [said, [code]] = await Promise.all([text(init.stdout), once(init, "exit")]);
    expect(said).not.toMatch(/^ended 1 139 /m);
    expect(code).toBe(1);
  },
);

test("one of many random orders makes a node's init do what nobody ordered", {
  timeout: 600_000,
}, async () => {
  const program = await findInitProgram(folder, "session");
  if (program.dialect === "shell") return console.warn(`skipped: orders to the C init (${program.reason})`);
  const [file, ...words] = program.command;
  const random = randomFrom(SEED);
  const inner = join(folder, "a/b/c");
  mkdirSync(inner, { recursive: true });
  const ends = new Map<string, number>();
  let longest = 0;
  for (let sent = 0; sent < FRAMES; ) {
    // What it is told to make, it makes: somewhere below the test's own folder.
    const init = spawn("/bin/sh", ["-c", TIMED, "sh", file, ...words], {
      cwd: inner,
      stdio: ["pipe", "pipe", "ignore", "pipe"],
      env: {},
      timeout: 20_000,
    });
    const { stdin, stdout } = init as ChildProcessByStdio<Writable, Readable, null>;
    stdin.on("error", () => {}); // it may have ended already
    for (let more = 1 + random.upTo(30); more > 0; more--, sent++) stdin.write(randomOrder(random));
    stdin.end();
    const [said, used, [code, signal]] = await Promise.all([
      text(stdout),
      text(init.stdio[3] as Readable),
      once(init, "exit"),
    ]);
    expect(said, "a run's keeper read what is not of its order").not.toMatch(/^ended \d+ 139 /m);
    ends.set(String(signal ?? code), (ends.get(String(signal ?? code)) ?? 0) + 1);
    longest = Math.max(longest, computedMs(used));
  }
  console.log(
    `${FRAMES} orders; the longest at work ${longest} ms; inits ended with`,
    Object.fromEntries(ends),
  );
  expect(longest).toBeLessThan(STALL_MS);
  // With 1 for what is no order, as it does for one that it cannot tell apart from the next; with 0 at the end of what it was told.
  expect([...ends.keys()].filter((end) => end !== "0" && end !== "1")).toEqual([]);
});

/** Runs what it is given and says on descriptor 3 how long that and all its children have computed. */
const TIMED = '"$@"; code=$?; times >&3; exit $code';

/** Milliseconds, of the children's line of `times`: no order can have taken longer than all of them. */
function computedMs(times: string): number {
  const parts = [...(times.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  expect(parts, times).toHaveLength(2);
  return parts.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1_000,
    0,
  );
}

const VERBS: readonly [string, ...string[]] = [
  ...["start", "start", "start", "start", "listen", "connect", "bind", "login", "term", "kill"],
] as const;

const WORDS: readonly [string, ...string[]] = [
  ..."a 0 1 -1 nonadmin admin own shared 127.0.0.1:80 [::1]:1 999.1.1.1:99999 A=B /bin/true ../../x".split(
    " ",
  ),
  "",
  "99999999999999999999",
  "18446744073709551615",
  "x".repeat(5_000),
  "1 2",
] as unknown as [string, ...string[]];

/** Most can be told apart from what follows them, for the first that cannot ends the init. */
function randomOrder(random: SeededRandom): Buffer {
  if (random.chance(0.01))
    return Buffer.from(Array.from({ length: 1 + random.upTo(200) }, () => random.upTo(256)));
  const verb = random.pick(VERBS);
  const word = () => random.pick(WORDS);
  const words =
    verb === "start"
      ? [random.pick([folder, word()]), word(), random.pick(["own", "shared", word()]), "", word(), "0"]
      : Array.from({ length: 1 + random.upTo(14) }, word);
  if (verb === "start") words.push(random.chance(0.97) ? "1" : word(), "/bin/true", "A=B");
  let payload = words.map((each) => `${each}\0`).join("");
  if (random.chance(0.01)) payload = payload.slice(0, -1);
  const length = random.chance(0.99)
    ? Buffer.byteLength(payload)
    : random.pick([0, 1, payload.length + 3, "9223372036854775808", "18446744073709551615"]);
  return Buffer.from(`${verb} ${random.pick([0, 1, 7, "18446744073709551615"])} ${length}\n${payload}`);
}
