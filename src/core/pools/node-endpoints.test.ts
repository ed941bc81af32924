import { expect, test } from "vitest";
import { endpointSpecs, freeNumber, isDualStack, nodeEndpoints } from "./node-endpoints.ts";

const nat = (name: string, frontendPortRangeStart: number) => ({
  name,
  protocol: "tcp" as const,
  backendPort: frontendPortRangeStart - 7_000,
  frontendPortRangeStart,
  frontendPortRangeEnd: frontendPortRangeStart + 100,
});
const pool = {
  networkConfiguration: {
    endpointConfiguration: { inboundNATPools: [nat("web", 15_000), nat("debug", 16_000)] },
  },
};

test("each NAT pool gives a node a port of its own, by the node's number, as far as its range goes", () => {
  expect(endpointSpecs(pool, 2)).toEqual([
    { name: "web", backendPort: 8_000, frontendPort: 15_002, rules: [] },
    { name: "debug", backendPort: 9_000, frontendPort: 16_002, rules: [] },
  ]);
  expect(endpointSpecs(pool, 101).map(({ frontendPort }) => frontendPort)).toEqual([0, 0]);
  expect(endpointSpecs({}, 2)).toEqual([]);
});

test("rules come in the order of their priority", () => {
  const rule = (priority: number, access: "allow" | "deny") => ({
    priority,
    access,
    sourceAddressPrefix: String(priority),
  });
  const networkSecurityGroupRules = [rule(300, "deny"), rule(200, "allow")];
  const inboundNATPools = [{ ...nat("web", 15_000), networkSecurityGroupRules }];
  expect(
    endpointSpecs({ networkConfiguration: { endpointConfiguration: { inboundNATPools } } }, 0)[0]?.rules,
  ).toEqual([
    { isAllowed: true, source: "200" },
    { isAllowed: false, source: "300" },
  ]);
});

test("a node shows the endpoints that lead to it, where users log in among them", () => {
  const open = [
    { name: "web", port: 15_002 },
    { name: "SSHRule", port: 40_000 },
    { name: "of another pool", port: 1 },
  ];
  expect(nodeEndpoints(pool, 2, open)).toMatchObject([
    { name: "web.2", frontendPort: 15_002, backendPort: 8_000, publicIPAddress: "127.0.0.1" },
    { name: "SSHRule.2", frontendPort: 40_000, backendPort: 22, protocol: "tcp" },
  ]);
  expect(nodeEndpoints(pool, 2, [])).toEqual([]);
});

test("a node that comes takes the smallest number that none has", () => {
  expect([freeNumber(new Set()), freeNumber(new Set([0, 1, 3]))]).toEqual([0, 2]);
});

test("datagrams are forwarded where the NAT pool says so, and shown as such", () => {
  const inboundNATPools = [{ ...nat("game", 60_000), protocol: "udp" as const }];
  const udp = { networkConfiguration: { endpointConfiguration: { inboundNATPools } } };
  expect(endpointSpecs(udp, 0)).toMatchObject([{ name: "game", protocol: "udp" }]);
  expect(nodeEndpoints(udp, 0, [{ name: "game", port: 60_000 }])).toMatchObject([{ protocol: "udp" }]);
});

test.each([
  [["IPv4", "IPv6"], true],
  [["IPv4"], false],
  [[], false],
] as const)("families %j: by IPv6 too %s", (families, isDual) => {
  const publicIPAddressConfiguration = { ipFamilies: [...families] };
  expect(isDualStack({ networkConfiguration: { publicIPAddressConfiguration } })).toBe(isDual);
});
