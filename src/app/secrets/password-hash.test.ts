import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password-hash.ts";

test("a password verifies against its own hash alone", async () => {
  const [hash, again] = await Promise.all([hashPassword("Zürich 1!"), hashPassword("Zürich 1!")]);
  expect(hash).toMatch(/^scrypt\$16384\$8\$5\$/);
  expect(again).not.toBe(hash);
  expect(await verifyPassword("Zürich 1!".normalize("NFD"), hash)).toBe(true);
  expect(await verifyPassword("zürich 1!", hash)).toBe(false);
});
