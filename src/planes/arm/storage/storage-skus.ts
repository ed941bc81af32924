/** Of which kind and tier storage accounts can be, region by region; here the same everywhere. Source: "Skus - List". */
import { locationList } from "../../../app/management/location-list.ts";
import { STORAGE_SKUS } from "../../../core/storage/storage-account-spec.ts";
import { operation } from "../request/operation.ts";

export const listStorageSkus = operation("Microsoft.Storage/Skus_List", async ({ plane }) => {
  const value = locationList(plane).flatMap(({ name: location }) =>
    STORAGE_SKUS.map((name) => ({
      resourceType: "storageAccounts",
      name,
      tier: name.slice(0, name.indexOf("_")),
      kind: "StorageV2",
      locations: [location],
      capabilities: [],
      restrictions: [],
    })),
  );
  return { json: { value } };
});
