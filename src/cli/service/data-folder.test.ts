import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { dataFolder, ephemeralFolder } from "./data-folder.ts";

describe("data folder", () => {
  it("is what --data says, made absolute", () => {
    expect(dataFolder("state", { XDG_STATE_HOME: "/xdg" })).toBe(resolve("state"));
  });

  it("is below XDG_STATE_HOME when that is absolute", () => {
    expect(dataFolder(undefined, { XDG_STATE_HOME: "/xdg" })).toBe("/xdg/batchyard");
  });

  it.each([{}, { XDG_STATE_HOME: "relative" }, { XDG_STATE_HOME: "" }])(
    "is the home's state folder with %o",
    (environment) => {
      expect(dataFolder(undefined, environment)).toBe(join(homedir(), ".local/state/batchyard"));
    },
  );

  it("an ephemeral one is gone after its removal, which may be repeated", async () => {
    const folder = await ephemeralFolder();
    expect(existsSync(folder.path)).toBe(true);
    await folder.remove();
    await folder.remove();
    expect(existsSync(folder.path)).toBe(false);
  });
});
