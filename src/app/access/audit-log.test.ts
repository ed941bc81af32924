import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AuditEntry } from "../../wire/access/access-api.ts";
import { AuditLog } from "./audit-log.ts";

let parent: string;
let folder: string;
const lines: string[] = [];
const open = (maxBytes?: number) => new AuditLog(folder, (line) => void lines.push(line), maxBytes);

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "audit-"));
  folder = join(parent, "audit");
  lines.length = 0;
});
afterEach(() => rmSync(parent, { recursive: true }));

const entry = (number: number, principalId = "alice"): AuditEntry => ({
  time: new Date(number * 1_000).toISOString(),
  requestId: `r${number}`,
  caller: { tenantId: "t", principalId, principalType: "User", appId: "app" },
  plane: "batch",
  operation: "Pool_Add",
  scope: "/subscriptions/s",
  target: "/pools",
  decision: "allowed",
  by: [],
  status: 201,
});
const all = { accepts: () => true, last: 1_000 };
const ids = async (found: Promise<readonly AuditEntry[]>) => (await found).map(({ requestId }) => requestId);

test("lines are private, one JSON object each, and outlive the log", async () => {
  const log = open();
  log.append(entry(1));
  log.append(entry(2));
  await log.close();
  const file = join(folder, "audit.jsonl");
  expect(readFileSync(file, "utf8")).toBe(`${JSON.stringify(entry(1))}\n${JSON.stringify(entry(2))}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(await open().query(all)).toEqual([entry(1), entry(2)]);
});

test("a query sees what was appended just before, filtered, the newest last", async () => {
  const log = open();
  for (let i = 1; i <= 20; i++) log.append(entry(i, i % 2 === 0 ? "alice" : "bob"));
  expect(await ids(log.query({ ...all, principalId: "alice", since: 10_000, until: 14_000 }))).toEqual([
    "r10",
    "r12",
    "r14",
  ]);
  expect(await ids(log.query({ ...all, last: 3 }))).toEqual(["r18", "r19", "r20"]);
  expect(await ids(log.query({ ...all, accepts: ({ requestId }) => requestId === "r7" }))).toEqual(["r7"]);
});

test("full files move up, the oldest goes, and a query reads them in order", async () => {
  const log = open(1);
  for (let i = 1; i <= 12; i++) {
    log.append(entry(i));
    await log.query(all);
  }
  expect(readdirSync(folder)).toHaveLength(8);
  expect(await ids(log.query(all))).toEqual(["r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12"]);
});

test("a line that a crash cut off hides no other", async () => {
  const log = open();
  log.append(entry(1));
  await log.close();
  appendFileSync(join(folder, "audit.jsonl"), '{"time":"19\n');
  log.append(entry(2));
  expect(await ids(log.query(all))).toEqual(["r1", "r2"]);
});

test("a folder that cannot be written is logged, and stops nothing", async () => {
  const log = open();
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "in the way");
  log.append(entry(1));
  await log.close();
  expect(lines.join()).toContain("audit:");
});

test("lines that cannot be written wait, and are there once each, in their order", async () => {
  const log = open();
  log.append(entry(1));
  await log.query(all);
  rmSync(join(folder, "audit.jsonl"));
  mkdirSync(join(folder, "audit.jsonl"));
  log.append(entry(2));
  await log.close();
  log.append(entry(3));
  await log.close();
  rmSync(join(folder, "audit.jsonl"), { recursive: true });
  expect(await ids(log.query(all))).toEqual(["r2", "r3"]);
  expect(lines.filter((line) => line.includes("wait"))).toHaveLength(1);
  await log.close();
});
