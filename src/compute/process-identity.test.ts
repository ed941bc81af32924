import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { identifyProcess, isAlive, readIdentity } from "./process-identity.ts";

function written(content: string) {
  const folder = mkdtempSync(join(tmpdir(), "batchyard-file-"));
  try {
    writeFileSync(join(folder, "agent.json"), content);
    return readIdentity(join(folder, "agent.json"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a process is found again by what it wrote down", () => {
  const own = identifyProcess(process.pid);
  const found = written(JSON.stringify(own));
  expect(found).toEqual(own);
  expect(found && isAlive(found)).toBe(true);
});

test.each([
  "",
  "null",
  "[]",
  '{"pid":"1","startTime":1}',
  '{"pid":0,"startTime":1}',
  '{"pid":-1,"startTime":1}',
  '{"pid":1,"startTime":1}',
  '{"pid":4711}',
])("%j names no process, and so nobody is signalled", (content) => {
  expect(written(content)).toBeUndefined();
});
