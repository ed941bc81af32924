// Takes tokens of the node's managed identities with @azure/identity. Knows nothing of Batchyard.
import { DefaultAzureCredential, ManagedIdentityCredential } from "@azure/identity";

const SCOPE = "https://batch.core.windows.net//.default";
const { client_id: clientId } = JSON.parse(process.argv[2] ?? "{}");
const seen = {};
for (const [name, credential] of Object.entries({
  managed: new ManagedIdentityCredential(),
  default: new DefaultAzureCredential(),
  "client id": new ManagedIdentityCredential({ clientId }),
})) {
  const { token } = await credential.getToken(SCOPE);
  const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
  const url = `${process.env.AZ_BATCH_ACCOUNT_URL}/jobs?api-version=2024-07-01.20.0`;
  const reply = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  seen[name] = [claims.appid, (await reply.json()).value?.map(({ id }) => id)];
}
console.log(JSON.stringify(seen));
