/** What is stored with a model and shown to nobody. */
import type { BatchModelName } from "./models.gen.ts";

export const HIDDEN_PROPERTIES: Readonly<Partial<Record<BatchModelName, readonly string[]>>> = {
  ContainerRegistry: ["password", "sealedPassword"],
  AzureBlobFileSystemConfiguration: ["accountKey", "sealedAccountKey", "sasKey", "sealedSasKey"],
  AzureFileShareConfiguration: ["accountKey", "sealedAccountKey"],
  CIFSMountConfiguration: ["password", "sealedPassword"],
};
