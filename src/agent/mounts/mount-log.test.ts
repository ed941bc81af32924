import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MountLog, mountLogName } from "./mount-log.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mount-log-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const owner = process.geteuid?.() ?? 0;

test("a log shows no secret, as it is or as URLs have it, nor a signature by itself", () => {
  const file = join(folder, "m.log");
  const log = new MountLog(file, owner, ["k+/ey==", "?sv=1&sig=a%2Bb%3D"]);
  log.line("k+/ey== k%2B%2Fey%3D%3D https://x?sv=1&sig=a%2Bb%3D a+b= end");
  log.close();
  expect(readFileSync(file, "utf8")).toBe("(not shown) (not shown) https://x(not shown) (not shown) end\n");
  expect(log.last).toContain("end");
});

test("it has an end, whatever is said, and remembers the last all the same", async () => {
  const file = join(folder, "m.log");
  const log = new MountLog(file, owner, []);
  const stream = Readable.from([`${"x".repeat(10_000)}\n`.repeat(2_000), "last"]);
  log.follow(stream);
  await new Promise((resolve) => stream.once("close", resolve));
  log.close();
  expect(statSync(file).size).toBeLessThan(1.1 * 1024 * 1024);
  expect(log.last).toBe("last");
});

test("a link that lies in its place is not followed", () => {
  symlinkSync(join(folder, "elsewhere"), join(folder, "m.log"));
  expect(() => new MountLog(join(folder, "m.log"), owner, [])).toThrow("EEXIST");
});

test("mounts whose paths differ have logs whose names do", () => {
  const names = ["a/b", "a-b", "a%2Fb", "a", "a%b"].map((path) => mountLogName({ kind: "blobfuse", path }));
  expect(names).toEqual([
    "blobfuse-a%2Fb.log",
    "blobfuse-a-b.log",
    "blobfuse-a%252Fb.log",
    "blobfuse-a.log",
    "blobfuse-a%25b.log",
  ]);
});
