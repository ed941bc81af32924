/**
 * Signs in as an application, by its id and secret in the environment, and lists the account's jobs.
 *
 *     ./bin/batchyard.js run -- node examples/sign-in-service-principal.ts
 */
import { ClientSecretCredential } from "@azure/identity";
// In a program of your own: from "batchyard/client".
import { BatchClient, BatchTokenCredentials } from "../src/client/index.ts";

const { AZURE_TENANT_ID = "", AZURE_CLIENT_ID = "", AZURE_CLIENT_SECRET = "" } = process.env;
const accountUrl = process.env.AZURE_BATCH_ENDPOINT ?? "https://myaccount.mylocation.batch.azure.com";

const application = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET);
const batch = BatchClient.open(new BatchTokenCredentials(accountUrl, application));

for await (const { id, state } of batch.jobs.list({ select: "id,state" })) console.log(`${id} is ${state}`);
console.log("signed in as an application");
