import { expect, test } from "vitest";
import { accountSettingsOf } from "./account-settings.ts";

const DEEP = JSON.parse(`${'{"a":'.repeat(50)}true${"}".repeat(50)}`);

test("what is kept comes back, and null and read-only parts change nothing", () => {
  const networkAcls = {
    defaultAction: "deny",
    ipRules: [{ value: "10.0.0.0/8" }],
    bypass: "Logging, Metrics",
  };
  expect(
    accountSettingsOf(
      { accessTier: "Hot" },
      {
        minimumTlsVersion: "TLS1_2",
        networkAcls,
        accessTier: null,
        primaryEndpoints: { blob: "x" },
        isHnsEnabled: false,
      },
    ),
  ).toEqual({
    accessTier: "Hot",
    minimumTlsVersion: "TLS1_2",
    isHnsEnabled: false,
    networkAcls: {
      bypass: "Logging, Metrics",
      defaultAction: "Deny",
      ipRules: [{ value: "10.0.0.0/8", action: "Allow" }],
      virtualNetworkRules: [],
      resourceAccessRules: [],
    },
  });
});

test.each([
  ["isHnsEnabled", true],
  ["isSftpEnabled", true],
  ["supportsHttpsTrafficOnly", false],
  ["allowBlobPublicAccess", true],
  ["minimumTlsVersion", "TLS1_3"],
  ["publicNetworkAccess", "Perhaps"],
  ["allowedCopyScope", "AAD"],
  ["encryption", { keySource: "Microsoft.Keyvault" }],
  ["customDomain", { name: "blobs.contoso.com" }],
  ["immutableStorageWithVersioning", { enabled: true }],
  ["networkAcls", { defaultAction: "Deny", ipRules: [{ value: "10.0.0.256" }] }],
  ["networkAcls", { defaultAction: "Deny", virtualNetworkRules: [{ id: "/x" }] }],
  ["networkAcls", { ipRules: [] }],
  ["sasPolicy", { sasExpirationPeriod: "1.00:00:00", expirationAction: "Block" }],
  ["turboTier", DEEP],
  ["__proto__x", true],
  ["constructor", true],
])("%s: %j is refused by its name", (name, value) => {
  expect(() => accountSettingsOf({}, { [name]: value })).toThrow(name);
});
