/**
 * The process in which Azurite runs. Its first line of input brings the secrets, which so appear in no argument and no environment that
 * another process could read; the end of its input is the end of the service, and so of this.
 */
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { delegationKeyValue } from "../core/storage/delegation-key.ts";
import type { AzuriteSecrets } from "./azurite.ts";

/** Longer than Azurite takes to write its index down. */
const STOP_MS = 5_000;

// The service that reads it may be gone: what is said into its pipe must not end this process before the index is written.
for (const output of [process.stdout, process.stderr]) output.on("error", () => {});

const require = createRequire(import.meta.url);
const input = createInterface({ input: process.stdin });
input.once("line", (line) => run(JSON.parse(line) as AzuriteSecrets));
// Azurite listens for the signal last of all when it starts; sent earlier, it would end the process as it stands.
const isUp = new Promise<void>((resolve) => {
  process.on("newListener", (name) => name === "SIGTERM" && resolve());
});
input.once("close", async () => {
  setTimeout(() => process.exit(1), STOP_MS).unref();
  await isUp;
  process.kill(process.pid, "SIGTERM");
});

function run({ accounts, delegationSecret }: AzuriteSecrets): void {
  process.env.AZURITE_ACCOUNTS = accounts;
  // Azurite makes user delegation keys from a constant of its source text, so that anybody could: ours is a secret.
  const utils = require("azurite/dist/src/blob/utils/utils.js");
  if (typeof utils.getUserDelegationKeyValue !== "function") {
    throw new Error("This version of Azurite makes user delegation keys in a way that is not known here.");
  }
  utils.getUserDelegationKeyValue = (...signed: string[]) =>
    delegationKeyValue(Buffer.from(delegationSecret, "base64"), signed);
  require("azurite/dist/src/blob/main.js");
}
