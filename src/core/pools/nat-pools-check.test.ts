import { expect, test } from "vitest";
import type { InboundNATPool } from "../../wire/batch/models-types.gen.ts";
import { natPoolsProblem } from "./nat-pools-check.ts";

const nat = (change: Partial<InboundNATPool> = {}): InboundNATPool => ({
  name: "web",
  protocol: "tcp",
  backendPort: 8_080,
  frontendPortRangeStart: 15_000,
  frontendPortRangeEnd: 15_100,
  ...change,
});
const rule = (change: object = {}) => ({
  priority: 150,
  access: "allow" as const,
  sourceAddressPrefix: "*",
  ...change,
});
const ruled = (...rules: ReturnType<typeof rule>[]) => nat({ networkSecurityGroupRules: rules });

test.each<[pools: InboundNATPool[], path: string]>([
  [[nat({ name: "-a" })], "[0].name"],
  [[nat({ name: "a." })], "[0].name"],
  [[nat({ backendPort: 29_876 })], "[0].backendPort"],
  [[nat({ frontendPortRangeEnd: 15_038 })], "[0].frontendPortRangeEnd"],
  [[nat({ frontendPortRangeStart: 49_000, frontendPortRangeEnd: 50_000 })], "[0].frontendPortRangeStart"],
  [[nat(), nat({ backendPort: 1, frontendPortRangeStart: 1, frontendPortRangeEnd: 99 })], "[1].name"],
  [[nat(), nat({ name: "b", frontendPortRangeStart: 1, frontendPortRangeEnd: 99 })], "[1].backendPort"],
  [[nat(), nat({ name: "b", backendPort: 1 })], "[1].frontendPortRangeStart"],
  [[ruled(rule(), rule())], "[0].networkSecurityGroupRules[1].priority"],
  [[ruled(rule({ sourceAddressPrefix: "1.2.3" }))], "[0].networkSecurityGroupRules[0].sourceAddressPrefix"],
  [[ruled(rule({ sourcePortRanges: ["1-5", "5"] }))], "[0].networkSecurityGroupRules[0].sourcePortRanges[1]"],
])("%j is refused by %s", (pools, path) => {
  expect(natPoolsProblem(pools)?.path.join(".").replaceAll(".[", "[")).toBe(path);
});

test("a pool of Microsoft's live tests is taken, though the description reserves its port", () => {
  expect(natPoolsProblem([nat({ backendPort: 3_389 })])).toBeNull();
});

test("what the description allows is taken", () => {
  const networkSecurityGroupRules = [
    rule({ sourceAddressPrefix: "192.100.12.45", sourcePortRanges: ["1", "2"] }),
    rule({ priority: 3_500, access: "deny", sourcePortRanges: ["*"] }),
  ];
  expect(
    natPoolsProblem([nat({ name: "test.nat_1", protocol: "udp", networkSecurityGroupRules })]),
  ).toBeNull();
});
