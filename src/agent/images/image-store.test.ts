import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeTree } from "../files/remove-tree.ts";
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

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "batchyard-images-"));
  const stage = await new ImageStore(folder).makeStage();
  mkdirSync(join(stage, "rootfs"));
  writeFileSync(join(stage, "rootfs/file"), "content");
  await new ImageStore(folder).keep(stage, IMAGE);
});

afterEach(() => removeTree(folder));

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
  await store.removeLeft();
  expect(lent()).toEqual([]);

  dieWithLoan("7");
  const own = await store.makeLent("8");
  await store.lend(IMAGE, "8");
  expect(lent().map((name) => join(folder, name))).toEqual([own]);
  expect(readdirSync(own)).toEqual([IMAGE.id]);
  await store.removeLent("8");
  expect(lent()).toEqual([]);
});

/** Of an image, as long as a path may be where it is unpacked: where it is kept it is longer. */
async function keepDeep(id: string, names: readonly string[]): Promise<void> {
  const store = new ImageStore(folder);
  const stage = await store.makeStage();
  mkdirSync(join(stage, "rootfs"));
  execFileSync("perl", ["-e", 'for (1..200) { mkdir "d" x 25; chdir "d" x 25 or die }'], {
    cwd: join(stage, "rootfs"),
  });
  await store.keep(stage, { ...IMAGE, id, names, pulled: names.length > 0 ? [] : [`r/${id}@d`] });
}

test("an image with paths that are too long makes room, and is forgotten, as any other", async () => {
  const store = new ImageStore(folder);
  await keepDeep("5678", []);
  expect(await store.dropUnused()).toBe(true);
  await keepDeep("9abc", ["deep"]);
  expect(await store.forget("deep")).toBe(true);
  expect(readdirSync(folder).filter((name) => !name.startsWith("."))).toEqual([IMAGE.id]);
});

test("what a pull has left that ended half-way goes when the next one begins, however deep it is", async () => {
  const dead = join(folder, ".new-999999999-1");
  mkdirSync(dead);
  execFileSync("perl", ["-e", 'for (1..200) { mkdir "d" x 25; chdir "d" x 25 or die }'], { cwd: dead });
  await new ImageStore(folder).removeLeft();
  expect(readdirSync(folder).filter((name) => name.startsWith(".new-"))).toEqual([]);
});
