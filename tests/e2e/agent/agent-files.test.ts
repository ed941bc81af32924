/** Reading, listing and deleting a node's files through the agent, and what must not be reached that way. */
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FileAsk, FromAgent } from "../../../src/wire/agent/messages.ts";
import { AgentBench, type FakeService, nodeSpec, runSpec, until } from "./agent-bench.ts";

let bench: AgentBench;
let service: FakeService;

let asks = 0;

beforeEach(async () => {
  bench = new AgentBench();
  service = await bench.startService();
});

afterEach(() => bench.dispose());

async function ask(path: string, ask: FileAsk, credit = 1_000_000): Promise<FromAgent[]> {
  const id = ++asks;
  service.send(
    { t: "file.ask", id, file: { nodeKey: "n1", path }, ask },
    { t: "file.credit", id, bytes: credit },
  );
  const LAST = [
    "file.list",
    "file.end",
    "file.deleted",
    "file.error",
    ...(ask.op === "stat" ? ["file.stat"] : []),
  ];
  const own = () => service.messages.filter((message) => "id" in message && message.id === id);
  await until(`an answer about ${path}`, () => own().some(({ t }) => LAST.includes(t)));
  return own();
}

function contentOf(answers: FromAgent[]): string {
  return Buffer.concat(
    answers.flatMap((a) => (a.t === "file.chunk" ? [Buffer.from(a.data, "base64")] : [])),
  ).toString();
}

function namesIn(answers: FromAgent[]): string[] {
  return answers.flatMap((a) => (a.t === "file.list" ? a.entries.map(({ name }) => name) : []));
}

const codeOf = (answers: FromAgent[]) => answers.map((a) => (a.t === "file.error" ? a.code : a.t));

async function withFiles(script: string): Promise<string> {
  bench.startAgent();
  await service.said("hello");
  const spec = runSpec(`/bin/sh -c '${script}'`);
  service.send(nodeSpec(), { t: "run.start", spec });
  expect((await service.ended(spec.run)).end).toEqual({ kind: "exited", exitCode: 0 });
  return `workitems/job/job-1/${spec.run}`;
}

test("are listed in byte order, page by page", async () => {
  const task = await withFiles(
    "mkdir -p a/b; touch a/b/c a-b aé z a/1; ln -s a/1 inner; ln -s /etc/passwd outer",
  );
  const all = namesIn(await ask(task, { op: "list", recursive: true, limit: 100 }));
  expect(all).toEqual([
    "stderr.txt",
    "stdout.txt",
    "wd",
    "wd/a",
    "wd/a-b",
    "wd/a/1",
    "wd/a/b",
    "wd/a/b/c",
    "wd/aé",
    "wd/inner",
    "wd/z",
  ]);
  const paged: string[] = [];
  for (let more = true; more; ) {
    const after = paged.at(-1);
    const answers = await ask(task, { op: "list", recursive: true, limit: 2, ...(after ? { after } : {}) });
    paged.push(...namesIn(answers));
    more = answers.some((a) => a.t === "file.list" && a.more);
  }
  expect(paged).toEqual(all);
  expect(namesIn(await ask(`${task}/wd/a`, { op: "list", recursive: false, limit: 100 }))).toEqual([
    "1",
    "b",
  ]);
  expect(namesIn(await ask("", { op: "list", recursive: false, limit: 2, after: "fsmounts" }))).toEqual([
    "shared",
    "startup",
  ]);
});

test("tell their size, times and mode", async () => {
  const task = await withFiles("printf hello");
  expect(await ask(`${task}/stdout.txt`, { op: "stat" })).toMatchObject([
    {
      properties: { name: `${task}/stdout.txt`, isDirectory: false, contentLength: 5, fileMode: "0100644" },
    },
  ]);
  expect(await ask(`${task}/wd`, { op: "stat" })).toMatchObject([
    { properties: { isDirectory: true, contentLength: 0, fileMode: "040755" } },
  ]);
});

test("are read in ranges, no faster than the reader allows", async () => {
  const task = await withFiles('head -c 100000 /dev/zero | tr "\\\\0" x; echo end');
  const path = `${task}/stdout.txt`;
  expect(contentOf(await ask(path, { op: "read" }))).toBe(`${"x".repeat(100_000)}end\n`);
  expect(contentOf(await ask(path, { op: "read", start: 99_999, end: 100_001 }))).toBe("xen");
  expect(contentOf(await ask(path, { op: "read", start: 100_000, end: 999_999 }))).toBe("end\n");
  expect(codeOf(await ask(path, { op: "read", start: 100_004 }))).toEqual(["InvalidRange"]);

  const id = ++asks;
  service.send({ t: "file.ask", id, file: { nodeKey: "n1", path }, ask: { op: "read" } });
  await service.said("file.stat", (m) => m.id === id);
  service.send({ t: "file.credit", id, bytes: 10 });
  await service.said("file.chunk", (m) => m.id === id);
  await ask(path, { op: "stat" }); // whatever else was to come has come by now
  expect(contentOf(service.messages.filter((m) => "id" in m && m.id === id))).toBe("x".repeat(10));
  service.send({ t: "file.cancel", id }, { t: "file.credit", id, bytes: 10 });
  await ask(path, { op: "stat" });
  expect(contentOf(service.messages.filter((m) => "id" in m && m.id === id))).toHaveLength(10);
});

test("are deleted, a folder with content only when asked to", async () => {
  const task = await withFiles("mkdir -p a/b empty; touch a/b/c; ln -s ../stdout.txt link");
  expect(codeOf(await ask(`${task}/wd/a`, { op: "delete", recursive: false }))).toEqual([
    "OperationInvalidForCurrentState",
  ]);
  expect(codeOf(await ask(`${task}/wd/empty`, { op: "delete", recursive: false }))).toEqual(["file.deleted"]);
  expect(codeOf(await ask(`${task}/wd/link`, { op: "delete", recursive: false }))).toEqual(["file.deleted"]);
  expect(codeOf(await ask(`${task}/wd/a`, { op: "delete", recursive: true }))).toEqual(["file.deleted"]);
  expect(codeOf(await ask(`${task}/wd/a`, { op: "delete", recursive: true }))).toEqual(["FileNotFound"]);
  expect(namesIn(await ask(task, { op: "list", recursive: true, limit: 9 }))).toEqual([
    "stderr.txt",
    "stdout.txt",
    "wd",
  ]);
  expect(codeOf(await ask("", { op: "delete", recursive: true }))).toEqual([
    "OperationInvalidForCurrentState",
  ]);
});

test("outside the node's folder are not there, whatever the path", async () => {
  const task = await withFiles(
    "ln -s /etc/passwd p; ln -s / root; ln -s ../../../../../../ca.pem up; mkfifo fifo",
  );
  const secret = join(bench.folder, "secret");
  writeFileSync(secret, "secret");
  symlinkSync(bench.folder, join(bench.nodeRoot(), "shared/escape"));
  const hostile = [
    "../configuration.json",
    "..",
    "/etc/passwd",
    "shared/../../ca.pem",
    "shared/escape/secret",
    "shared/escape",
    `${task}/wd/p`,
    `${task}/wd/root/etc/passwd`,
    `${task}/wd/up`,
    "a\0b",
    "x".repeat(5000),
    ".//..//ca.pem",
  ];
  for (const path of hostile) {
    expect([path, ...codeOf(await ask(path, { op: "read" }))]).toEqual([path, "FileNotFound"]);
    expect([path, ...codeOf(await ask(path, { op: "stat" }))]).toEqual([path, "FileNotFound"]);
    expect([path, ...codeOf(await ask(path, { op: "list", recursive: true, limit: 9 }))]).toEqual([
      path,
      "FileNotFound",
    ]);
  }
  for (const path of ["../secret", secret, "shared/escape/secret", "shared/.."])
    expect([path, ...codeOf(await ask(path, { op: "delete", recursive: true }))]).toEqual([
      path,
      "FileNotFound",
    ]);
  expect(codeOf(await ask("shared/escape", { op: "delete", recursive: true }))).toEqual(["file.deleted"]);
  expect(readFileSync(secret, "utf8")).toBe("secret");
  for (const path of [`${task}/wd`, `${task}/wd/fifo`])
    expect(codeOf(await ask(path, { op: "read" }))).toEqual(["OperationInvalidForCurrentState"]);
});
