/**
 * A token of a pool's identity, got as a task on its node gets one: by running such a task. So only who may run tasks there gets it, and
 * what the node refuses is refused. The job for it is gone when this ends, and with it what the task wrote.
 */
import { batchOf } from "./batch.ts";

/** What the endpoint answers, as a task has it. */
export interface NodeToken {
  readonly token: string;
  /** What it says of itself. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The node that the task ran on. */
  readonly node: string;
}

export interface WantedToken {
  readonly account: string;
  readonly pool: string;
  readonly affinityId: string | undefined;
  /** Of the identity. */
  readonly resourceId: string;
  /** What it is for, e.g. `https://batch.core.windows.net/`. */
  readonly resource: string;
}

const TASK = "token";
const FILE = "stdout.txt";
const LOOK_MS = 500;
const PATIENCE_MS = 60_000;

/** A process node's address stands in the environment, a namespace node's is Azure's own. */
const COMMAND = [
  'if [ -n "$IDENTITY_ENDPOINT" ]; then set -- "$IDENTITY_ENDPOINT" -d api-version=2019-08-01 -H "X-IDENTITY-HEADER: $IDENTITY_HEADER"',
  "else set -- http://169.254.169.254/metadata/identity/oauth2/token -d api-version=2018-02-01 -H Metadata:true; fi",
  'exec curl -sG --noproxy "*" "$@" --data-urlencode "resource=$TOKEN_RESOURCE" --data-urlencode "mi_res_id=$TOKEN_IDENTITY"',
].join("; ");

/** @throws Refusal; Error in the node's words where it gives none */
export async function nodeToken({
  account,
  pool,
  affinityId,
  resourceId,
  resource,
}: WantedToken): Promise<NodeToken> {
  const batch = batchOf(account);
  const job = `portal-token-${crypto.randomUUID().slice(0, 8)}`;
  await batch.jobAdd({ id: job, poolInfo: { poolId: pool } });
  try {
    const [added] = (
      await batch.tasksAdd(job, [
        {
          id: TASK,
          commandLine: `/bin/sh -c '${COMMAND}'`,
          environmentSettings: [
            { name: "TOKEN_RESOURCE", value: resource },
            { name: "TOKEN_IDENTITY", value: resourceId },
          ],
          ...(affinityId && { affinityInfo: { affinityId } }),
        },
      ])
    ).value;
    if (added?.error) throw new Error(added.error.message?.value ?? added.error.code);
    const node = await ended(account, job);
    const { text } = await batch.taskFile(job, TASK, FILE, 0);
    return { ...answered(text), node };
  } finally {
    await batch.jobDelete(job);
  }
}

async function ended(account: string, job: string): Promise<string> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const { state, nodeInfo } = await batchOf(account).task(job, TASK);
    if (state === "completed") return nodeInfo?.nodeId ?? "";
    if (Date.now() > until)
      throw new Error("The node has no room for the task that is to ask for the token.");
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** @param text JSON of the endpoint */
function answered(text: string): Pick<NodeToken, "token" | "claims"> {
  let answer: { readonly access_token?: string; readonly error_description?: string };
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(text.trim() || "The task wrote nothing: the node may have no curl.");
  }
  const { access_token: token, error_description: reason } = answer;
  if (token === undefined) throw new Error(reason ?? text);
  return { token, claims: claimsOf(token) };
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (c) => c.charCodeAt(0))));
}
