import { expect, test } from "vitest";
import { batchModels } from "../../wire/batch/models.gen.ts";
import { refuseUnbuiltProperties, UNBUILT_PROPERTIES } from "./unbuilt-properties.ts";

test("a property that nothing acts on is refused by name and place", () => {
  const multiInstanceSettings = { coordinationCommandLine: "x" };
  const body = {
    value: [
      { id: "a", commandLine: "b" },
      { id: "c", commandLine: "d", multiInstanceSettings },
    ],
  };
  expect(() => refuseUnbuiltProperties(body)).toThrow(
    expect.objectContaining({
      code: "NotImplemented",
      values: [
        { key: "PropertyName", value: "multiInstanceSettings" },
        { key: "PropertyPath", value: "value[1].multiInstanceSettings" },
      ],
    }),
  );
});

test("what asks for nothing, or is acted on, passes", () => {
  expect(() => refuseUnbuiltProperties(undefined)).not.toThrow();
  expect(() => refuseUnbuiltProperties({ applicationPackageReferences: [], extensions: [] })).not.toThrow();
  const extension = { name: "k", publisher: "Microsoft.Azure.KeyVault", type: "KeyVaultForLinux" };
  expect(() => refuseUnbuiltProperties({ extensions: [extension] })).not.toThrow();
  expect(() => refuseUnbuiltProperties({ extensions: [extension, { ...extension, type: "x" }] })).toThrow(
    expect.objectContaining({ code: "NotImplemented" }),
  );
  const environmentSettings = [{ name: "extensions", value: "extensions" }];
  expect(() => refuseUnbuiltProperties({ id: "t", commandLine: "x", environmentSettings })).not.toThrow();
});

test("each of them is a property of some model", () => {
  const known = new Set(Object.values(batchModels).flatMap((model) => Object.keys(model)));
  for (const name of UNBUILT_PROPERTIES) expect(known, name).toContain(name.split(".").at(-1));
});

const machine = (more: object) => ({ virtualMachineConfiguration: { nodeAgentSKUId: "a", ...more } });

const metadataSecurity = (proxyAgentSettings: object) => machine({ securityProfile: { proxyAgentSettings } });

test.each([
  [
    "inVMAccessControlProfileReferenceId",
    metadataSecurity({ enabled: true, imds: { inVMAccessControlProfileReferenceId: "/subscriptions/0" } }),
  ],
  ["placement", machine({ placement: { zonePlacementPolicy: "Auto" } })],
  ["sshPrivateKey", { userAccounts: [{ name: "u", sshPrivateKey: "k" }] }],
  ["vmSkuProfile", { vmSkuProfile: { vmSizes: [{ name: "a" }] } }],
])("%s asks for what nobody here does", (name, body) => {
  expect(() => refuseUnbuiltProperties(body)).toThrow(
    expect.objectContaining({
      code: "NotImplemented",
      values: expect.arrayContaining([{ key: "PropertyName", value: name }]),
    }),
  );
});

test.each([
  metadataSecurity({ enabled: false, imds: { inVMAccessControlProfileReferenceId: "/subscriptions/0" } }),
  metadataSecurity({ wireServer: { inVMAccessControlProfileReferenceId: "/subscriptions/0" } }),
  metadataSecurity({ enabled: true, imds: { mode: "Audit" }, wireServer: { mode: "Enforce" } }),
  machine({ osDisk: { ephemeralOSDiskSettings: { placement: "CacheDisk" } } }),
  { userAccounts: [{ name: "u", linuxUserConfiguration: { sshPrivateKey: "k" } }] },
])("%j asks for nothing more than nodes have", (body) => {
  expect(() => refuseUnbuiltProperties(body)).not.toThrow();
});
