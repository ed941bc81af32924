import { expect, test } from "vitest";
import { freeNumber, nodeEndpoints } from "./node-endpoints.ts";

const nat = (name: string, frontendPortRangeStart: number) => ({
  name,
  protocol: "tcp" as const,
  backendPort: 8080,
  frontendPortRangeStart,
  frontendPortRangeEnd: frontendPortRangeStart + 100,
});

test("each NAT pool gives a node a port of its own, by the node's number", () => {
  const inboundNATPools = [nat("web", 15_000), nat("debug", 16_000)];
  const networkConfiguration = { endpointConfiguration: { inboundNATPools } };
  expect(nodeEndpoints({ networkConfiguration }, 2, "10.0.0.4")).toMatchObject([
    { name: "web.2", frontendPort: 15_002, backendPort: 8080, publicIPAddress: "10.0.0.4" },
    { name: "debug.2", frontendPort: 16_002 },
  ]);
  expect(nodeEndpoints({}, 2, "10.0.0.4")).toEqual([]);
});

test("a node that comes takes the smallest number that none has", () => {
  expect([freeNumber(new Set()), freeNumber(new Set([0, 1, 3]))]).toEqual([0, 2]);
});
