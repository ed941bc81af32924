/** Runs tasks as two users of a pool with @azure/batch. Knows nothing of Batchyard. Prints one JSON line. */
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { BatchServiceClient } from "@azure/batch";
import { loginWithServicePrincipalSecret } from "@azure/ms-rest-nodeauth";

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, ACCOUNT_URL, POOL_ID } = process.env;
const tokenAudience = "https://batch.core.windows.net/";
const credentials = await loginWithServicePrincipalSecret(
  AZURE_CLIENT_ID,
  AZURE_CLIENT_SECRET,
  AZURE_TENANT_ID,
  { tokenAudience },
);
const client = new BatchServiceClient(credentials, ACCOUNT_URL);

await client.pool.add({
  id: POOL_ID,
  vmSize: "standard_d2s_v3",
  targetDedicatedNodes: 1,
  virtualMachineConfiguration: {
    imageReference: { publisher: "canonical", offer: "0001-com-ubuntu-server-jammy", sku: "22_04-lts" },
    nodeAgentSKUId: "batch.node.ubuntu 22.04",
  },
  userAccounts: [
    { name: "worker", password: "the worker's password", elevationLevel: "nonadmin" },
    {
      name: "other",
      password: "the other's password",
      elevationLevel: "nonadmin",
      linuxUserConfiguration: { uid: 4321, gid: 98765 },
    },
  ],
});
await client.job.add({ id: POOL_ID, poolInfo: { poolId: POOL_ID } });

async function run(id, userName, script) {
  await client.task.add(POOL_ID, { id, commandLine: `/bin/sh -c '${script}'`, userIdentity: { userName } });
  while ((await client.task.get(POOL_ID, id)).state !== "completed") await setTimeout(100);
  const { readableStreamBody } = await client.file.getFromTask(POOL_ID, id, "stdout.txt");
  return (await text(readableStreamBody)).trim();
}

const pool = await client.pool.get(POOL_ID);
const shown = pool.userAccounts.map((user) => [user.name, user.elevationLevel, "password" in user]);
const worker = await run("worker", "worker", "echo $(id -un; id -u)");
const other = await run("other", "other", "echo $(id -un; id -u)");
const write =
  "for t in worker/wd worker; do touch ../../$t/x 2>/dev/null && echo written || echo refused; done";
const theirs = await run("theirs", "other", `echo $(${write})`);
const userIdentity = { userName: "worker", autoUser: { elevationLevel: "admin" } };
const both = await client.task.add(POOL_ID, { id: "both", commandLine: "true", userIdentity }).then(
  () => "ok",
  ({ statusCode, body }) => [statusCode, body?.code],
);
console.log(JSON.stringify({ shown, worker, other, theirs, both }));
