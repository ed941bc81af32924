/**
 * Signs a user in in this machine's browser and lists the account's jobs. Needs a registered application with the Batch
 * permission and `http://localhost` as a redirect URI of its native client; any port of localhost then does.
 *
 *     AZURE_TENANT_ID=… AZURE_CLIENT_ID=… node examples/sign-in-browser.ts
 */
import { InteractiveBrowserCredential } from "@azure/identity";
// In a program of your own: from "batchyard/client".
import { BatchClient, BatchTokenCredentials } from "../src/client/index.ts";

const { AZURE_TENANT_ID = "", AZURE_CLIENT_ID = "" } = process.env;
const accountUrl = process.env.AZURE_BATCH_ENDPOINT ?? "https://myaccount.mylocation.batch.azure.com";

const user = new InteractiveBrowserCredential({
  tenantId: AZURE_TENANT_ID,
  clientId: AZURE_CLIENT_ID,
  redirectUri: "http://localhost",
});
const batch = BatchClient.open(new BatchTokenCredentials(accountUrl, user));

for await (const { id, state } of batch.jobs.list({ select: "id,state" })) console.log(`${id} is ${state}`);
console.log("signed in in the browser");
