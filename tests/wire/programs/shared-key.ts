/** Signs every kind of request with an account's key, with @azure/batch. Knows nothing of Batchyard. */
import { BatchServiceClient, BatchSharedKeyCredentials } from "@azure/batch";

const { AZURE_BATCH_ACCOUNT = "", AZURE_BATCH_ACCESS_KEY = "" } = process.env;
const credentials = new BatchSharedKeyCredentials(AZURE_BATCH_ACCOUNT, AZURE_BATCH_ACCESS_KEY);
const { job, pool, task, file } = new BatchServiceClient(
  credentials,
  "https://myaccount.mylocation.batch.azure.com",
);

/** `ok`, or the status and code of the error. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return "ok";
  } catch (error) {
    const { statusCode, code } = error as { statusCode?: number; code?: string };
    if (statusCode === undefined) throw error;
    return [statusCode, code];
  }
}

const poolInfo = { poolId: "absent" };
const seen: Record<string, unknown> = {};
seen.add = await outcome(job.add({ id: "job", poolInfo }));
seen.get = await outcome(job.get("job"));
seen.conditional = await outcome(
  job.get("job", { jobGetOptions: { select: "id", ifNoneMatch: '"0x0"', timeout: 20 } }),
);
seen.list = (await job.list({ jobListOptions: { filter: "id eq 'job'", maxResults: 5 } })).map(
  ({ id }) => id,
);
seen.patch = await outcome(job.patch("job", { priority: 1 }));
seen.update = await outcome(job.update("job", { poolInfo }));
seen.disable = await outcome(job.disable("job", "requeue"));
seen.terminate = await outcome(job.terminate("job"));
seen.delete = await outcome(job.deleteMethod("job"));

// Without a quote: this client signs it as it is and sends it as %27, which no service can check.
const odd: Record<string, unknown> = {};
const oddAdd: Record<string, unknown> = {};
for (const id of ["we ird(x)é", "a b", "(x)", "é", "a+b", "100%", "a&b=c", "~tilde!*"]) {
  odd[id] = await Promise.all([
    outcome(job.get(id)),
    outcome(job.deleteMethod(id)),
    outcome(task.get("job", id)),
    outcome(task.deleteMethod("job", id)),
    outcome(pool.get(id)),
    outcome(file.getFromTask("job", "t", `wd/${id}.txt`)),
  ]);
  oddAdd[id] = await outcome(job.add({ id, poolInfo }));
}
console.log(JSON.stringify({ ...seen, odd, oddAdd }));
