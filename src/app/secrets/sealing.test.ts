import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSealing, SealBroken } from "./sealing.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sealing-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const file = (name = "seal.key") => join(folder, name);

test("a sealed secret opens again after a restart, and never looks the same twice", () => {
  const sealing = openSealing(file());
  const sealed = sealing.seal(Buffer.from("secret"), "account/1");
  expect(sealing.seal(Buffer.from("secret"), "account/1")).not.toBe(sealed);
  expect(sealed).not.toContain("secret");
  expect(openSealing(file()).unseal(sealed, "account/1").toString()).toBe("secret");
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

test("it opens neither for another purpose, nor with another key, nor changed, nor cut short", () => {
  const sealing = openSealing(file());
  const sealed = sealing.seal(Buffer.from("secret"), "account/1");
  const changed = `${sealed.slice(0, 20)}${sealed[20] === "A" ? "B" : "A"}${sealed.slice(21)}`;
  expect(() => sealing.unseal(sealed, "account/2")).toThrow(SealBroken);
  expect(() => openSealing(file("other.key")).unseal(sealed, "account/1")).toThrow(SealBroken);
  for (const text of [changed, sealed.slice(0, 20), "", "v0.abc"]) {
    expect(() => sealing.unseal(text, "account/1")).toThrow(SealBroken);
  }
});

test("a file that is no seal key is refused rather than replaced", () => {
  writeFileSync(file(), "short");
  expect(() => openSealing(file())).toThrow("is not a seal key");
});
