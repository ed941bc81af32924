// Takes tokens of the node's managed identities with @azure/identity. Knows nothing of Batchyard. Takes one JSON object:
// {client_id, object_id, resource_id} of an identity, and whether it is the only one there is (`alone`).
import { DefaultAzureCredential, ManagedIdentityCredential } from "@azure/identity";

const SCOPE = "https://batch.core.windows.net//.default";
const {
  client_id: clientId,
  object_id: objectId,
  resource_id: resourceId,
  alone,
} = JSON.parse(process.argv[2] ?? "{}");
const seen = {};
for (const [name, credential] of Object.entries({
  ...(alone && { managed: new ManagedIdentityCredential(), default: new DefaultAzureCredential() }),
  "default by client id": new DefaultAzureCredential({ managedIdentityClientId: clientId }),
  "client id": new ManagedIdentityCredential({ clientId }),
  "object id": new ManagedIdentityCredential({ objectId }),
  "resource id": new ManagedIdentityCredential({ resourceId }),
})) {
  try {
    const { token } = await credential.getToken(SCOPE);
    const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
    const url = `${process.env.AZ_BATCH_ACCOUNT_URL}/jobs?api-version=2024-07-01.20.0`;
    const reply = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    seen[name] = [claims.appid, (await reply.json()).value?.map(({ id }) => id).sort()];
  } catch (error) {
    seen[name] = String(error);
  }
}
console.log(JSON.stringify(seen));
