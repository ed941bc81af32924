import { expect, test } from "vitest";
import { isSource, mayEnter, portRange } from "./endpoint-rules.ts";

const allow = (source: string, ...sourcePorts: string[]) => ({
  isAllowed: true,
  source,
  ...(sourcePorts.length > 0 && { sourcePorts }),
});
const deny = (source: string) => ({ isAllowed: false, source });

test("without rules everybody may enter, with some whoever the first that fits allows", () => {
  expect(mayEnter([], "127.0.0.1", 1)).toBe(true);
  expect(mayEnter([allow("10.0.0.0/8"), deny("*")], "10.9.9.9", 1)).toBe(true);
  expect(mayEnter([allow("10.0.0.0/8"), deny("*")], "::ffff:10.9.9.9", 1)).toBe(true);
  expect(mayEnter([allow("10.0.0.0/8"), deny("*")], "127.0.0.1", 1)).toBe(false);
  expect(mayEnter([deny("127.0.0.1"), allow("Internet")], "127.0.0.1", 1)).toBe(false);
  expect(mayEnter([deny("127.0.0.1"), allow("Internet")], "127.0.0.2", 1)).toBe(true);
});

test("who fits no rule stays out, and nobody comes from a part of Azure", () => {
  expect(mayEnter([allow("192.0.2.1")], "127.0.0.1", 1)).toBe(false);
  expect(mayEnter([allow("AzureLoadBalancer")], "127.0.0.1", 1)).toBe(false);
  expect(mayEnter([allow("2001:db8::/32")], "127.0.0.1", 1)).toBe(false);
  expect(mayEnter([allow("*", "22", "100-200")], "127.0.0.1", 150)).toBe(true);
  expect(mayEnter([allow("*", "22", "100-200")], "127.0.0.1", 99)).toBe(false);
});

test("sources and ranges are told from other texts", () => {
  for (const source of ["*", "10.10.10.10", "192.168.1.0/24", "Internet", "VirtualNetwork", "2001:db8::/32"])
    expect(isSource(source), source).toBe(true);
  for (const source of ["", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/8/8", "a b", "300.1.1.1"])
    expect(isSource(source), source).toBe(false);
  expect([portRange("22"), portRange("100-200"), portRange("*")]).toEqual([
    [22, 22],
    [100, 200],
    [0, 65_535],
  ]);
  for (const text of ["", "2-1", "65536", "1-", "a"]) expect(portRange(text), text).toBeUndefined();
});
