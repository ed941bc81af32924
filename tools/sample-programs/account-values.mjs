/**
 * What programs want to be told of an account, beside what `batchyard run` says: prints `export STORAGE_KEY=…` for a shell. The words of
 * the command line name containers for blobs, which are made.
 */
import process from "node:process";

const {
  AZURE_TENANT_ID,
  AZURE_CLIENT_ID,
  AZURE_CLIENT_SECRET,
  AZURE_SUBSCRIPTION_ID,
  AZURE_STORAGE_ACCOUNT,
} = process.env;
const ARM = "https://management.azure.com";
const API_VERSION = "2023-05-01";
const storage = `/subscriptions/${AZURE_SUBSCRIPTION_ID}/resourceGroups/programs/providers/Microsoft.Storage/storageAccounts/${AZURE_STORAGE_ACCOUNT}`;

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

async function manage(method, path, body, tries = 5) {
  const reply = await fetch(`${ARM}${storage}${path}?api-version=${API_VERSION}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  // What keeps the blobs is started by the first request, and takes its time on a busy machine.
  if (reply.status === 503 && tries > 1) return manage(method, path, body, tries - 1);
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return reply.json();
}

const { keys } = await manage("POST", "/listKeys");
for (const name of process.argv.slice(2))
  await manage("PUT", `/blobServices/default/containers/${name}`, { properties: {} });
console.log(`export STORAGE_KEY='${keys[0].value}'`);
