/** The service as a cloud that the Azure CLI can be told about: `az cloud register --cloud-config`. Pure. */
import type { ServiceEndpoints } from "../../client/service-endpoints.ts";

/** Any name but `AzureCloud`, whose authority `az` overwrites. */
export const AZURE_CLOUD_NAME = "Batchyard";

/** The content of the file for `--cloud-config`. */
export function azureCloud({ login, management, graph }: ServiceEndpoints): object {
  return {
    endpoints: {
      management,
      resourceManager: management,
      // The path makes MSAL trust the authority without asking login.microsoftonline.com about it.
      activeDirectory: `${login}/adfs`,
      activeDirectoryResourceId: "https://management.core.windows.net/",
      activeDirectoryGraphResourceId: `${graph}/`,
      microsoftGraphResourceId: `${graph}/`,
      batchResourceId: "https://batch.core.windows.net/",
    },
    suffixes: { storageEndpoint: "core.windows.net" },
  };
}
