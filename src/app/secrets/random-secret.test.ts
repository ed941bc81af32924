import { expect, test } from "vitest";
import { randomSecret } from "./random-secret.ts";

test("a secret can stand behind an option, whatever it is", () => {
  const secrets = Array.from({ length: 5_000 }, () => randomSecret(18));
  expect(secrets.filter((secret) => !/^\w[\w-]{23}$/.test(secret))).toEqual([]);
  expect(new Set(secrets).size).toBe(secrets.length);
});
