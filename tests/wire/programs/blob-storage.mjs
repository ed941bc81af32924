/** Keeps blobs with Azure's client: by token, by the account's key, by signatures. Knows nothing of Batchyard. Prints one JSON line. */
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { ClientSecretCredential } from "@azure/identity";
import {
  BlobSASPermissions,
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID } = process.env;
const [account, group] = process.argv.slice(2);
const url = `https://${account}.blob.core.windows.net`;
const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET);

async function outcome(call) {
  try {
    await call;
    return "ok";
  } catch (error) {
    if (error.statusCode === undefined) throw error;
    return [error.statusCode, error.code ?? error.details?.errorCode];
  }
}
const names = async (pages) => {
  const found = [];
  for await (const { name } of pages) found.push(name);
  return found;
};
const content = async (client) => (await client.downloadToBuffer()).toString();
const seen = {};

const byToken = new BlobServiceClient(url, credential);
const container = byToken.getContainerClient("by-token");
await container.create();
const odd = container.getBlockBlobClient("in a/folder ä+&#?.txt");
await odd.upload("text", 4, { metadata: { made: "by token" } });
seen.read = await content(odd);
seen.metadata = (await odd.getProperties()).metadata;
seen.list = await names(container.listBlobsFlat());
seen.containers = await names(byToken.listContainers());
seen.missing = await outcome(container.getBlobClient("missing").downloadToBuffer());

const part = randomBytes(1024 * 1024);
const sum = createHash("sha256");
const parts = Array.from({ length: 64 }, () => part);
for (const one of parts) sum.update(one);
const big = container.getBlockBlobClient("big");
await big.uploadStream(Readable.from(parts), 4 * 1024 * 1024, 3);
const back = createHash("sha256");
for await (const chunk of (await big.download()).readableStreamBody) back.update(chunk);
seen.big = [(await big.getProperties()).contentLength, sum.digest("hex") === back.digest("hex")];

const target = container.getBlobClient("copy");
await (await target.beginCopyFromURL(odd.url)).pollUntilDone();
seen.copied = await content(target);

const { token } = await credential.getToken("https://management.azure.com/.default");
const id = `/subscriptions/${AZURE_SUBSCRIPTION_ID}/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/${account}`;
const reply = await fetch(`https://management.azure.com${id}/listKeys?api-version=2023-01-01`, {
  method: "POST",
  headers: { authorization: `Bearer ${token}` },
});
const [{ value: key }] = (await reply.json()).keys;
const shared = new StorageSharedKeyCredential(account, key);
const byKey = new BlobServiceClient(url, shared).getContainerClient("by-key");
await byKey.create();
await byKey.getBlockBlobClient("a/b c").upload("by key", 6);
seen.byKey = [await names(byKey.listBlobsFlat()), await content(byKey.getBlobClient("a/b c"))];

const expiresOn = new Date(Date.now() + 600_000);
const sas = { containerName: "by-key", blobName: "a/b c", protocol: SASProtocol.Https, expiresOn };
const anonymous = (query, blob = "a/b c") =>
  new BlobServiceClient(`${url}?${query}`).getContainerClient("by-key").getBlockBlobClient(blob);
const read = { ...sas, permissions: BlobSASPermissions.parse("r") };
const byService = generateBlobSASQueryParameters(read, shared).toString();
const delegation = await byToken.getUserDelegationKey(new Date(Date.now() - 60_000), expiresOn);
const byUser = generateBlobSASQueryParameters(read, delegation, account).toString();
const wide = { containerName: "by-key", expiresOn, permissions: ContainerSASPermissions.parse("rcwl") };
const ofContainer = generateBlobSASQueryParameters(wide, delegation, account).toString();
for (const [how, query] of Object.entries({ byService, byUser })) {
  seen[how] = [
    await content(anonymous(query)),
    await outcome(anonymous(query).upload("other", 5)),
    await outcome(anonymous(query, "elsewhere").downloadToBuffer()),
    await outcome(anonymous(query.replace(/sig=../, "sig=AA")).downloadToBuffer()),
  ];
}
await anonymous(ofContainer, "new").upload("new", 3);
seen.ofContainer = [
  await content(anonymous(ofContainer, "new")),
  await outcome(anonymous(ofContainer, "new").delete()),
];
seen.public = await outcome(container.setAccessPolicy("blob"));
await container.delete();
seen.after = await names(byToken.listContainers());
console.log(JSON.stringify(seen));
