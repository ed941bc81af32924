import { expect, test } from "vitest";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { Fault } from "../fault.ts";
import { checkBody } from "../model/body-check.ts";

const LATEST = batchApiVersions.length - 1;
const blob = (change: object = {}) => ({
  azureBlobFileSystemConfiguration: {
    accountName: "store",
    containerName: "box",
    accountKey: "a key",
    relativeMountPath: "m",
    ...change,
  },
});
const nfs = (relativeMountPath: string) => ({
  nfsMountConfiguration: { source: "server:/x", relativeMountPath },
});
const identityReference = {
  resourceId:
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i",
};

/** @returns code and path of the fault */
function fault(...mountConfiguration: readonly object[]): string | undefined {
  try {
    const body = { id: "p", vmSize: "s", mountConfiguration };
    checkBody("PoolAddParameter", LATEST, JSON.parse(JSON.stringify(body)));
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(JSON.stringify(error.values)).not.toContain("a key");
    const path = error.values?.find(({ key }) => key === "PropertyPath");
    return `${error.code} ${path?.value}`;
  }
}

test("each kind is taken as Azure's pages have it", () => {
  const share = {
    accountName: "acct",
    accountKey: "k",
    azureFileUrl: "https://acct.file.core.windows.net/s",
  };
  const all = [
    blob(),
    blob({ accountKey: undefined, sasKey: "?sv=1&sig=x", relativeMountPath: "n" }),
    blob({ accountKey: undefined, identityReference, relativeMountPath: "o/p" }),
    nfs("mnt"),
    { azureFileShareConfiguration: { ...share, relativeMountPath: "S", mountOptions: "-o vers=3.0" } },
    { cifsMountConfiguration: { username: "u", password: "p", source: "//h/s", relativeMountPath: "c" } },
  ];
  expect(fault(...all)).toBeUndefined();
  // As Microsoft's own tests have them.
  const url = "https://store.blob.core.windows.net:443/box";
  expect(fault(blob({ containerName: url, accountKey: "fake_account_key" }))).toBeUndefined();
});

test.each([
  [[{}], "MissingRequiredProperty mountConfiguration[0]"],
  [[{ ...blob(), ...nfs("n") }], "InvalidPropertyValue mountConfiguration[0].nfsMountConfiguration"],
  [
    [blob({ accountKey: undefined })],
    "MissingRequiredProperty mountConfiguration[0].azureBlobFileSystemConfiguration.accountKey",
  ],
  [
    [blob({ sasKey: "s" })],
    "InvalidPropertyValue mountConfiguration[0].azureBlobFileSystemConfiguration.sasKey",
  ],
  [
    [blob({ accountKey: "" })],
    "InvalidPropertyValue mountConfiguration[0].azureBlobFileSystemConfiguration.accountKey",
  ],
  [
    [blob({ containerName: "https://other.blob.core.windows.net/c" })],
    "InvalidPropertyValue mountConfiguration[0].azureBlobFileSystemConfiguration.containerName",
  ],
  [
    [blob({ blobfuseOptions: "--tmp-path=/x" })],
    "InvalidPropertyValue mountConfiguration[0].azureBlobFileSystemConfiguration.blobfuseOptions",
  ],
  [[nfs("m"), nfs("m")], "InvalidPropertyValue mountConfiguration[1].relativeMountPath"],
  [
    [nfs("m"), blob({ relativeMountPath: "m/n" })],
    "InvalidPropertyValue mountConfiguration[1].relativeMountPath",
  ],
])("%j is refused", (mounts, said) => {
  expect(fault(...mounts)).toBe(said);
});

test.each(["", "/abs", "../up", "a/../b", "a//b", "a/", "x.log", "a\0b", "n".repeat(201), ".hidden"])(
  "a mount's path is not %j",
  (path) => {
    const said = "InvalidPropertyValue mountConfiguration[0].nfsMountConfiguration.relativeMountPath";
    expect(fault(nfs(path))).toBe(said);
  },
);
