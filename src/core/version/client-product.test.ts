import { expect, test } from "vitest";
import { clientOf } from "./client-product.ts";

test.each([
  [
    "python/3.11.7 (Linux) msrest/0.7.1 azure-batch/14.2.0 Azure-SDK-For-Python",
    "Python azure-batch 14.2.0",
    "Python",
  ],
  ["azsdk-python-batch/15.1.0 Python/3.11.7 (Linux)", "Python azure-batch 15.1.0", "Python"],
  [
    "python/3.11.2 msrest/0.6.21 azure-batch/13.0.1 Azure-SDK-For-Python AZURECLI/2.45.0 (DEB)",
    "az 2.45.0",
    undefined,
  ],
  ["@azure/batch/10.2.0 core-http/3.0.0 Node/v24.0.0", "JavaScript @azure/batch 10.2.0", "JavaScript"],
  [
    "FxVersion/8.0 Microsoft.Azure.Batch.Protocol.BatchServiceClient/16.3.1.0",
    ".NET Microsoft.Azure.Batch 16.3.1.0",
    ".NET",
  ],
  ["azsdk-net-Compute.Batch/1.0.0 (.NET 8.0)", ".NET Azure.Compute.Batch 1.0.0", ".NET"],
  ["curl/8.5.0", "curl/8.5.0", undefined],
  ["", "a client without a User-Agent", undefined],
])("%j is %s", (userAgent, name, language) => {
  expect(clientOf(userAgent)).toMatchObject({ name, language });
});
