// Reads and writes blobs as the node's managed identities, with Azure's clients. Knows nothing of Batchyard. Prints one JSON line.
import { DefaultAzureCredential, ManagedIdentityCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";

const [url, writer, reader] = process.argv.slice(2);
const seen = {};
for (const [name, credential] of [
  ["writer", new ManagedIdentityCredential({ clientId: writer })],
  ["reader", new DefaultAzureCredential({ managedIdentityClientId: reader })],
]) {
  const service = new BlobServiceClient(url, credential);
  const inputs = service.getContainerClient("inputs");
  seen[name] = [];
  for await (const blob of inputs.listBlobsFlat()) seen[name].push(blob.name);
  seen[name].push((await inputs.getBlobClient("one.txt").downloadToBuffer()).toString());
  const blob = service.getContainerClient("outputs").getBlockBlobClient(`javascript/${name}`);
  await blob.upload("from javascript", 15).catch((error) => seen[name].push(error.code));
}
console.log(JSON.stringify(seen));
