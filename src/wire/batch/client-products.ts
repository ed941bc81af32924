/**
 * Client programs by what their `User-Agent` holds, the language that their user writes, and what to take in their place once their api-version
 * is gone. First match decides. Sources: the packages themselves, their release notes, and the migration guides of the new libraries.
 */
import type { ClientLanguage } from "./client-methods.ts";

export interface ClientProduct {
  /** A word of the header, before a slash and the version; compared without case. */
  readonly token: string;
  readonly name: string;
  /** Undefined where the user calls no methods. */
  readonly language?: ClientLanguage;
  readonly instead?: string;
}

export const CLIENT_PRODUCTS: readonly ClientProduct[] = [
  {
    token: "AZURECLI",
    name: "az",
    instead:
      "a release of az that sends it: 2.91.0, the newest of November 2026, still sends 2024-02-01.19.0",
  },
  {
    token: "azsdk-python-batch",
    name: "Python azure-batch",
    language: "Python",
    instead: "azure-batch 15.1.0",
  },
  {
    token: "azsdk-js-batch",
    name: "JavaScript @azure/batch",
    language: "JavaScript",
    instead: "@azure/batch 13",
  },
  {
    token: "azsdk-net-Compute.Batch",
    name: ".NET Azure.Compute.Batch",
    language: ".NET",
    instead: "Azure.Compute.Batch 1.0.0",
  },
  {
    token: "azsdk-java-azure-compute-batch",
    name: "Java azure-compute-batch",
    language: "Java",
    instead: "the newest com.azure:azure-compute-batch",
  },
  { token: "azsdk-go-azbatch", name: "Go azbatch", language: "Go", instead: "the newest sdk/batch/azbatch" },
  {
    token: "azure-batch",
    name: "Python azure-batch",
    language: "Python",
    instead: "azure-batch 15.1.0 (docs/guides/migrate.md)",
  },
  {
    token: "batchserviceclient",
    name: "Python azure-batch",
    language: "Python",
    instead: "azure-batch 15.1.0 (docs/guides/migrate.md)",
  },
  {
    token: "@azure/batch",
    name: "JavaScript @azure/batch",
    language: "JavaScript",
    instead: "@azure/batch 13 (docs/guides/migrate.md)",
  },
  {
    token: "Microsoft.Azure.Batch",
    name: ".NET Microsoft.Azure.Batch",
    language: ".NET",
    instead: "Azure.Compute.Batch 1.0.0",
  },
  {
    token: "Microsoft.Azure.Batch.Protocol.BatchServiceClient",
    name: ".NET Microsoft.Azure.Batch",
    language: ".NET",
    instead: "Azure.Compute.Batch 1.0.0",
  },
  { token: "Azure-SDK-For-Go", name: "Go services/batch", language: "Go", instead: "sdk/batch/azbatch" },
  {
    token: "Azure-SDK-For-Node",
    name: "JavaScript azure-batch",
    language: "JavaScript",
    instead: "@azure/batch 13",
  },
  {
    token: "Azure-SDK-for-Java",
    name: "Java com.microsoft.azure:azure-batch",
    language: "Java",
    instead: "com.azure:azure-compute-batch",
  },
];
