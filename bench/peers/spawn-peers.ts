/** What else runs many short commands: one rate each, in commands per second. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { bullmqPeer } from "./bullmq.ts";
import { isInstalled, secondsOf } from "./command.ts";
import type { Peer } from "./peer.ts";

const installed = (program: string) => async () =>
  isInstalled(program) ? undefined : `${program} is not installed`;

/** The yardstick: nothing but starting processes, two at a time. */
export const xargs: Peer = {
  name: "xargs -P2",
  missing: installed("xargs"),
  rate: async (count) => count / (await secondsOf(`seq ${count} | xargs -P2 -n1 /bin/true`)),
};

export const parallel: Peer = {
  name: "parallel -j4",
  missing: installed("parallel"),
  rate: async (count) => count / (await secondsOf(`seq ${count} | parallel -j4 /bin/true`)),
};

export const bullmq: Peer = bullmqPeer;

/** Makes the folders and files that a task has and runs its command between them; two loops, one for each half. */
export const shellLoop: Peer = {
  name: "shell loops",
  missing: async () => undefined,
  async rate(count, folder) {
    const scratch = await mkdtemp(join(folder, "shell-loop-"));
    const half = Math.ceil(count / 2);
    const loop = (from: number) =>
      `{ i=${from}; while [ $i -lt ${from + half} ]; do
           mkdir $i $i/wd; /bin/true >$i/stdout.txt 2>$i/stderr.txt; i=$((i+1));
         done; } &`;
    const seconds = await secondsOf(`${loop(0)}\n${loop(half)}\nwait`, scratch);
    await rm(scratch, { recursive: true });
    return (2 * half) / seconds;
  },
};
