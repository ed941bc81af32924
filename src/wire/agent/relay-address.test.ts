import { expect, test } from "vitest";
import { relayAddress, relayedNodeKey } from "./relay-address.ts";

test.each([
  ["0", "127.128.0.0"],
  ["5", "127.128.0.5"],
  ["65536", "127.129.0.0"],
  ["8388606", "127.255.255.254"],
])("node %s speaks from %s", (key, address) => {
  expect(relayAddress(key)).toBe(address);
  expect(relayedNodeKey(address)).toBe(key);
  expect(relayedNodeKey(`::ffff:${address}`)).toBe(key);
});

test("there are nodes without one, and addresses of none", () => {
  for (const key of ["8388607", "n1", ""]) expect(relayAddress(key)).toBeUndefined();
  for (const address of ["127.0.0.1", "10.128.0.5", "::1", ""])
    expect(relayedNodeKey(address)).toBeUndefined();
});
