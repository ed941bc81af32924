/**
 * Task authentication tokens: what a task shows to call the operations of its own job. A token names one attempt of one task and
 * carries a MAC; the attempt that must be running is looked up at each use, so a token dies with it and nothing is stored per token.
 * Source: Azure Batch REST, "AuthenticationTokenSettings".
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { settingGet, settingPut } from "../../store/accounts.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { Store } from "../../store/engine/store.ts";
import { jobByKey } from "../../store/work/jobs.ts";
import { taskByKey } from "../../store/work/tasks.ts";
import type { Sealing } from "../secrets/sealing.ts";

const SETTING = "task.tokenSecret";
const SECRET_BYTES = 32;
const PREFIX = "task";
/** An attempt's name, and the 43 characters that 256 bits take in base64url. */
const TOKEN = /^task\.([1-9]\d{0,14})\.([1-9]\d{0,8})\.([\w-]{43})$/;

/** The task that speaks. */
export interface TaskBearer {
  readonly jobId: string;
  readonly taskId: string;
}

export class TaskTokens {
  readonly #store: Store;
  readonly #secret: Uint8Array;

  private constructor(store: Store, secret: Uint8Array) {
    this.#store = store;
    this.#secret = secret;
  }

  /** @throws SealBroken when the secret was sealed by another installation */
  static async read(store: Store, sealing: Sealing): Promise<TaskTokens> {
    const known = await settingGet.first(store.read, { name: SETTING });
    if (known) return new TaskTokens(store, sealing.unseal(known.value, SETTING));
    const secret = randomBytes(SECRET_BYTES);
    const value = sealing.seal(secret, SETTING);
    await store.write((c) => settingPut.run(c, { name: SETTING, value }));
    return new TaskTokens(store, secret);
  }

  /** The same each time for the same attempt: an agent that connects again is told it again. */
  issue(taskKey: number, attempt: number): string {
    return `${PREFIX}.${taskKey}.${attempt}.${this.#mac(taskKey, attempt).toString("base64url")}`;
  }

  /** Whether a bearer token means to be one of these. */
  static claims(token: string): boolean {
    return token.startsWith(`${PREFIX}.`);
  }

  /** Undefined for a token that is forged, of another account, of an attempt that has ended, or of one that is being stopped. */
  async verify(token: string, accountKey: number): Promise<TaskBearer | undefined> {
    const [, key = "", number = "", mac = ""] = TOKEN.exec(token) ?? [];
    if (mac === "") return undefined;
    const taskKey = Number(key);
    const attempt = Number(number);
    const given = Buffer.from(mac, "base64url");
    const expected = this.#mac(taskKey, attempt);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return bearerOf(this.#store.read, taskKey, attempt, accountKey);
  }

  #mac(taskKey: number, attempt: number): Buffer {
    return createHmac("sha256", this.#secret).update(`${PREFIX}.${taskKey}.${attempt}`).digest();
  }
}

async function bearerOf(
  c: Connection,
  taskKey: number,
  attempt: number,
  accountKey: number,
): Promise<TaskBearer | undefined> {
  const task = await taskByKey.first(c, { key: taskKey });
  const isLive =
    task?.state === "running" && task.attempt === attempt && task.preparing === 0 && task.stopping === null;
  if (!isLive) return undefined;
  const job = await jobByKey.first(c, { key: task.job_key });
  return job?.account_key === accountKey ? { jobId: job.id, taskId: task.id } : undefined;
}
