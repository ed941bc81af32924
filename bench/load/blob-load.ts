/** Moves a blob to and from a server by a process of its own, and reads what the server's processes spent and held meanwhile. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { endsWithBench } from "../ends-with-bench.ts";
import { cpuSeconds, forgetPeakRss, peakRss } from "../service/process-figures.ts";

export interface BlobTarget {
  /** Of the blob, with a signature. */
  readonly url: string;
  readonly caFile: string;
  /** Of the processes whose figures are wanted. */
  readonly pids: readonly number[];
}

export interface BlobMove {
  readonly seconds: number;
  /** One for each process. */
  readonly cpuSeconds: readonly number[];
  /** Megabytes, one for each process. */
  readonly peakRss: readonly number[];
}

export interface BlobLoad {
  move(way: "up" | "down"): Promise<BlobMove>;
  close(): void;
}

export function blobLoad({ url, caFile, pids }: BlobTarget, bytes: number): BlobLoad {
  const program = join(import.meta.dirname, "blob-transfer.ts");
  const child = endsWithBench(fork(program, [url, caFile, String(bytes)]));
  return {
    async move(way) {
      for (const pid of pids) forgetPeakRss(pid);
      const before = pids.map(cpuSeconds);
      child.send(way);
      const [told] = (await once(child, "message")) as [{ seconds: number } | { failed: string }];
      if ("failed" in told) throw new Error(`blob ${way}: ${told.failed}`);
      return {
        seconds: told.seconds,
        cpuSeconds: pids.map((pid, at) => cpuSeconds(pid) - (before[at] ?? 0)),
        peakRss: pids.map(peakRss),
      };
    },
    close: () => void child.kill(),
  };
}
