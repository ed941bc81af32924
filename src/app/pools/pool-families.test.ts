import { expect, test } from "vitest";
import type { Records } from "../records.ts";
import { refuseFamilies } from "./pool-families.ts";

const pool = (...ipFamilies: ("IPv4" | "IPv6")[]) => ({
  networkConfiguration: { publicIPAddressConfiguration: { ipFamilies } },
});

test("a machine without IPv6 refuses a pool that is to be reached by it, by the property", () => {
  const none = { hasIPv6: false } as Records;
  expect(() => refuseFamilies(none, pool("IPv4", "IPv6"))).toThrow(
    expect.objectContaining({
      code: "NotImplemented",
      values: expect.arrayContaining([{ key: "PropertyName", value: "ipFamilies" }]),
    }),
  );
  expect(() => refuseFamilies(none, pool("IPv4"))).not.toThrow();
  expect(() => refuseFamilies({ hasIPv6: true } as Records, pool("IPv4", "IPv6"))).not.toThrow();
});
