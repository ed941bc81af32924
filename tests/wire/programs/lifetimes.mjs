/** For each line that comes, asks the Batch service once; the credential keeps its tokens. Prints a line per round. */
import { createInterface } from "node:readline";
import { BatchServiceClient } from "@azure/batch";
import { ClientSecretCredential } from "@azure/identity";

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_BATCH_ENDPOINT } = process.env;
const identity = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET);
const batch = new BatchServiceClient(
  {
    async signRequest(request) {
      const { token } = await identity.getToken("https://batch.core.windows.net//.default");
      request.headers.set("authorization", `Bearer ${token}`);
      return request;
    },
  },
  AZURE_BATCH_ENDPOINT,
);
for await (const _ of createInterface({ input: process.stdin })) {
  const { body } = await batch.pool.exists("none");
  console.log(body ? "True" : "False");
}
