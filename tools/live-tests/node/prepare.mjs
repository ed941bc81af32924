/** Makes what the readmes of Microsoft's tests for Node.js want there beforehand: an application with a package. */
import { Buffer } from "node:buffer";

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID, AZURE_BATCH_ACCOUNT } =
  process.env;
const ARM = "https://management.azure.com";
const group = `/subscriptions/${AZURE_SUBSCRIPTION_ID}/resourceGroups/live/providers`;
const account = `${group}/Microsoft.Batch/batchAccounts/${AZURE_BATCH_ACCOUNT}`;

const signedIn = await fetch(`https://login.microsoftonline.com/${AZURE_TENANT_ID}/oauth2/v2.0/token`, {
  method: "POST",
  body: new URLSearchParams({
    grant_type: "client_credentials",
    client_id: AZURE_CLIENT_ID,
    client_secret: AZURE_CLIENT_SECRET,
    scope: `${ARM}/.default`,
  }),
});
const { access_token: token } = await signedIn.json();

async function manage(method, path, body) {
  const reply = await fetch(`${ARM}${account}${path}?api-version=2024-02-01`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return reply.json();
}

/** The smallest archive: one that has nothing in it. */
const zip = Buffer.concat([Buffer.from("PK\x05\x06", "latin1"), Buffer.alloc(18)]);
const application = "/applications/my_application_id";
const storageAccountId = `${group}/Microsoft.Storage/storageAccounts/nodesdkpackages`;
await manage("PATCH", "", { properties: { autoStorage: { storageAccountId } } });
await manage("PUT", application, {});
const { properties } = await manage("PUT", `${application}/versions/v1.0`, {});
await fetch(properties.storageUrl, { method: "PUT", headers: { "x-ms-blob-type": "BlockBlob" }, body: zip });
await manage("POST", `${application}/versions/v1.0/activate`, { format: "zip" });
await manage("PATCH", application, { properties: { defaultVersion: "v1.0" } });
