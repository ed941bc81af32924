import { lstatSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeSandboxFolder, TEMPORARY_FOLDER } from "./sandbox-ids.ts";

let parent: string;
beforeAll(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), "batchyard-sandbox-")));
});
afterAll(() => rmSync(parent, { recursive: true }));

test.each([TEMPORARY_FOLDER, "volatile", "shared"])(
  "a link that a task left at %s is not followed",
  async (name) => {
    const root = join(parent, name.replace("/", "-"));
    const victim = join(parent, `victim-${name.replace("/", "-")}`);
    mkdirSync(join(victim, "tmp"), { recursive: true });
    const before = lstatSync(victim);
    await makeSandboxFolder(root);
    renameSync(join(root, name), join(root, "away"));
    symlinkSync(victim, join(root, name));

    await makeSandboxFolder(root);
    expect(lstatSync(join(root, name)).isDirectory()).toBe(true);
    for (const folder of [victim, join(victim, "tmp")]) {
      const { uid, gid, mode } = lstatSync(folder);
      expect([uid, gid, mode]).toEqual([before.uid, before.gid, before.mode]);
    }
  },
);
