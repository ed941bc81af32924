import { expect, test } from "vitest";
import {
  autoStorageSynced,
  createdAccountSpec,
  storedAccountSpec,
  updatedAccountSpec,
} from "./account-spec.ts";

const NOW = "2026-01-01T00:00:00.000Z";
const LATER = "2026-01-02T00:00:00.000Z";
const storage = (name: string) =>
  `/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/${name}`;

test("an account of which nothing was said has Azure's defaults", () => {
  const spec = storedAccountSpec("{}");
  expect(spec).toEqual(createdAccountSpec({}, NOW));
  expect(spec).toMatchObject({
    poolAllocationMode: "BatchService",
    publicNetworkAccess: "Enabled",
    tags: {},
  });
});

test("what is stored is read back as it was", () => {
  const body = { tags: { a: "1" }, properties: { autoStorage: { storageAccountId: storage("s") } } };
  const spec = createdAccountSpec(body, NOW);
  expect(storedAccountSpec(JSON.stringify(spec))).toEqual(spec);
});

test("words count in any case and are kept in Azure's spelling and order", () => {
  const properties = {
    allowedAuthenticationModes: ["aad", "sharedkey", "AAD"],
    publicNetworkAccess: "DISABLED",
  };
  const spec = createdAccountSpec({ properties }, NOW);
  expect(spec.allowedAuthenticationModes).toEqual(["SharedKey", "AAD"]);
  expect(spec.publicNetworkAccess).toBe("Disabled");
});

test("an update keeps what it does not mention, null included", () => {
  const before = createdAccountSpec(
    { tags: { a: "1" }, properties: { publicNetworkAccess: "Disabled" } },
    NOW,
  );
  const body = {
    tags: null,
    properties: { publicNetworkAccess: null, autoStorage: { storageAccountId: storage("s") } },
  };
  const after = updatedAccountSpec(before, body, LATER);
  expect(after).toMatchObject({ tags: { a: "1" }, publicNetworkAccess: "Disabled" });
  expect(after.autoStorage).toEqual({
    storageAccountId: storage("s"),
    authenticationMode: "StorageKeys",
    lastKeySync: LATER,
  });
});

test("storage keys are synchronized where there is storage", () => {
  const properties = { autoStorage: { storageAccountId: storage("s") } };
  const spec = createdAccountSpec({ properties }, NOW);
  expect(autoStorageSynced(spec, LATER).autoStorage?.lastKeySync).toBe(LATER);
  expect(() => autoStorageSynced(storedAccountSpec("{}"), LATER)).toThrow(/no auto-storage/);
});

test.each([
  storage(""),
  `${storage("s")}/blobServices/default`,
  storage("s").replace("Storage/storageAccounts", "Batch/batchAccounts"),
  "s",
])("%s is no storage account's id", (storageAccountId) => {
  expect(() => createdAccountSpec({ properties: { autoStorage: { storageAccountId } } }, NOW)).toThrow(
    /storageAccountId/,
  );
});
