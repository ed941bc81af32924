import { expect, test } from "vitest";
import { checkKeyVaultExtensions, isKeyVaultExtension } from "./key-vault-extension.ts";

const CLIENT_ID = "b9f6dd56-d2d6-4967-99d7-8062d56fd84c";
const secretsManagementSettings = {
  pollingIntervalInS: "300",
  certificateStoreLocation: "/var/lib/waagent/Microsoft.Azure.KeyVault",
  requireInitialSync: true,
  observedCertificates: ["https://vault.example/secrets/certificate/8f5f3f491afd48cb99286ba2aacd39af"],
};
const authenticationSettings = {
  msiEndpoint: "http://169.254.169.254/metadata/identity",
  msiClientId: CLIENT_ID,
};
const extension = (settings: unknown) => ({
  name: "KVExtensions",
  type: "KeyVaultForLinux",
  publisher: "Microsoft.Azure.KeyVault",
  settings,
});
const check = (settings: unknown, clientIds = [CLIENT_ID]) =>
  checkKeyVaultExtensions([extension(settings)], clientIds);
const named = (property: string) =>
  expect.objectContaining({
    code: "InvalidPropertyValue",
    values: [{ key: "PropertyName", value: property }, expect.anything()],
  });

test("the page's settings pass, as an object and as a text", () => {
  const settings = { secretsManagementSettings, authenticationSettings };
  check(settings);
  check(JSON.stringify(settings), [CLIENT_ID.toUpperCase()]);
  const observedCertificates = [{ url: "https://vault.example/secrets/certificate" }];
  check({ secretsManagementSettings: { observedCertificates }, authenticationSettings });
});

test.each([
  ["settings", undefined],
  ["settings", "no JSON"],
  ["secretsManagementSettings", { authenticationSettings }],
  ["authenticationSettings", { secretsManagementSettings }],
  [
    "observedCertificates",
    { secretsManagementSettings: { observedCertificates: [] }, authenticationSettings },
  ],
  [
    "observedCertificates",
    {
      secretsManagementSettings: { observedCertificates: ["http://vault.example/secrets/c"] },
      authenticationSettings,
    },
  ],
  [
    "pollingIntervalInS",
    {
      secretsManagementSettings: { ...secretsManagementSettings, pollingIntervalInS: "soon" },
      authenticationSettings,
    },
  ],
  [
    "requireInitialSync",
    {
      secretsManagementSettings: { ...secretsManagementSettings, requireInitialSync: "yes" },
      authenticationSettings,
    },
  ],
  [
    "msiEndpoint",
    {
      secretsManagementSettings,
      authenticationSettings: { ...authenticationSettings, msiEndpoint: "http://thief.example" },
    },
  ],
  [
    "msiClientId",
    { secretsManagementSettings, authenticationSettings: { ...authenticationSettings, msiClientId: "me" } },
  ],
])("%s is named where it is wrong", (property, settings) => {
  expect(() => check(settings)).toThrow(named(property));
});

test("an identity that the pool does not have is refused, and a name that is there twice", () => {
  const settings = { secretsManagementSettings, authenticationSettings };
  expect(() => check(settings, [])).toThrow(named("msiClientId"));
  expect(() => checkKeyVaultExtensions([extension(settings), extension(settings)], [CLIENT_ID])).toThrow(
    named("name"),
  );
});

test("other extensions are none of these", () => {
  expect(isKeyVaultExtension({ publisher: "microsoft.azure.keyvault", type: "KEYVAULTFORWINDOWS" })).toBe(
    true,
  );
  expect(isKeyVaultExtension({ publisher: "Microsoft.Azure.Monitor", type: "AzureMonitorLinuxAgent" })).toBe(
    false,
  );
  expect(isKeyVaultExtension(null)).toBe(false);
});
