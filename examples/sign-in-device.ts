/**
 * Signs a user in on another device: prints a code to type into a page there, waits, and lists the account's jobs. For programs
 * on machines without a browser. Needs a registered application that allows public client flows and has the Batch permission.
 *
 *     AZURE_TENANT_ID=… AZURE_CLIENT_ID=… node examples/sign-in-device.ts
 */
import { DeviceCodeCredential } from "@azure/identity";
// In a program of your own: from "batchyard/client".
import { BatchClient, BatchTokenCredentials } from "../src/client/index.ts";

const { AZURE_TENANT_ID = "", AZURE_CLIENT_ID = "" } = process.env;
const accountUrl = process.env.AZURE_BATCH_ENDPOINT ?? "https://myaccount.mylocation.batch.azure.com";

const user = new DeviceCodeCredential({
  tenantId: AZURE_TENANT_ID,
  clientId: AZURE_CLIENT_ID,
  userPromptCallback: ({ message }) => console.log(message),
});
const batch = BatchClient.open(new BatchTokenCredentials(accountUrl, user));

for await (const { id, state } of batch.jobs.list({ select: "id,state" })) console.log(`${id} is ${state}`);
console.log("signed in on another device");
