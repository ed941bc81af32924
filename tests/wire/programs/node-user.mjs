/** Adds, updates and deletes a user of a node with @azure/batch, and logs in as it. Knows nothing of Batchyard. Prints one JSON line. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { BatchServiceClient } from "@azure/batch";
import { loginWithServicePrincipalSecret } from "@azure/ms-rest-nodeauth";

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, ACCOUNT_URL, POOL_ID, NODE_ID } = process.env;
const tokenAudience = "https://batch.core.windows.net/";
const credentials = await loginWithServicePrincipalSecret(
  AZURE_CLIENT_ID,
  AZURE_CLIENT_SECRET,
  AZURE_TENANT_ID,
  { tokenAudience },
);
const nodes = new BatchServiceClient(credentials, ACCOUNT_URL).computeNode;
const node = [POOL_ID, NODE_ID];
const code = (call) =>
  call.then(
    () => "ok",
    ({ statusCode, body }) => [statusCode, body?.code],
  );

await nodes.addUser(...node, {
  name: "fromjs",
  password: "the first one",
  expiryTime: new Date(Date.now() + 3_600_000),
});
const settings = await nodes.getRemoteLoginSettings(...node);
const login = (password) =>
  execFileSync(
    "sh",
    [
      fileURLToPath(new URL("ssh-login.sh", import.meta.url)),
      settings.remoteLoginIPAddress,
      String(settings.remoteLoginPort),
      "fromjs",
      password,
    ],
    { encoding: "utf8" },
  ).trim();
const seen = { exists: await code(nodes.addUser(...node, { name: "fromjs", password: "x" })) };
seen.logins = [login("the first one")];
await nodes.updateUser(...node, "fromjs", { password: "the second one" });
seen.logins.push(login("the first one"), login("the second one"));
await nodes.deleteUser(...node, "fromjs");
seen.logins.push(login("the second one"));
seen.gone = await code(nodes.deleteUser(...node, "fromjs"));
console.log(JSON.stringify(seen));
