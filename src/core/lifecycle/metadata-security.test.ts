import { expect, test } from "vitest";
import { metadataFlaw, metadataSecurity } from "./metadata-security.ts";

const pool = (proxyAgentSettings: object) => ({
  virtualMachineConfiguration: {
    nodeAgentSKUId: "a",
    imageReference: {},
    securityProfile: { proxyAgentSettings },
  },
});
const enforced = { mode: "Enforce" };
const caller = (isElevated: boolean) => ({ user: { name: "u", isElevated }, program: undefined });

test.each([
  [{ enabled: true, imds: { mode: "Audit" } }, { imds: "Audit" }],
  [
    { enabled: true, imds: { mode: "Audit" }, wireServer: enforced },
    { imds: "Audit", wireServer: "Enforce" },
  ],
  [{ enabled: true }, undefined],
  [{ enabled: true, imds: {} }, undefined],
  [{ enabled: false, imds: enforced }, undefined],
  [{ imds: enforced }, undefined],
])("%j makes a node's %j", (settings, security) => {
  expect(metadataSecurity(pool(settings))).toEqual(security);
  expect(metadataSecurity({})).toBeUndefined();
});

test("the instance's metadata are everybody's who can be told, and the WireServer root's", () => {
  const unknown = { user: undefined, program: undefined };
  expect(metadataFlaw("imds", caller(false))).toBeUndefined();
  expect(metadataFlaw("wireServer", caller(true))).toBeUndefined();
  expect(metadataFlaw("wireServer", caller(false))?.status).toBe(403);
  expect([metadataFlaw("imds", unknown)?.status, metadataFlaw("wireServer", unknown)?.status]).toEqual([
    401, 401,
  ]);
});
