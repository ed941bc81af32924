import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ImageStore, type StoredImage } from "./image-store.ts";

const IMAGE: StoredImage = {
  id: "1234",
  names: ["tool"],
  entrypoint: [],
  command: [],
  environment: [],
  workingFolder: "/",
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "batchyard-images-"));
  const stage = new ImageStore(folder).makeStage();
  mkdirSync(join(stage, "rootfs"));
  writeFileSync(join(stage, "rootfs/file"), "content");
  new ImageStore(folder).keep(stage, IMAGE);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As another agent does it, which then dies. */
function dieWithLoan(nodeKey: string): void {
  const program = `
    const { ImageStore } = await import(${JSON.stringify(import.meta.resolve("./image-store.ts"))});
    const store = new ImageStore(${JSON.stringify(folder)});
    await store.makeLent("${nodeKey}");
    await store.lend(store.find("tool"), "${nodeKey}");
    process.kill(process.pid, "SIGKILL");`;
  const { signal } = spawnSync(process.execPath, ["--input-type=module", "-e", program]);
  expect(signal).toBe("SIGKILL");
}

const lent = () => readdirSync(folder).filter((name) => name.startsWith(".lent-"));

test("what an agent has lent that is no more goes when the next one begins, or lends itself", async () => {
  dieWithLoan("7");
  expect(lent()).toHaveLength(1);
  const store = new ImageStore(folder);
  await store.removeLeftLent();
  expect(lent()).toEqual([]);

  dieWithLoan("7");
  const own = await store.makeLent("8");
  await store.lend(IMAGE, "8");
  expect(lent().map((name) => join(folder, name))).toEqual([own]);
  expect(readdirSync(own)).toEqual([IMAGE.id]);
  await store.removeLent("8");
  expect(lent()).toEqual([]);
});
