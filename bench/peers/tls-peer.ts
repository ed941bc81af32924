/** A peer that speaks HTTPS: a program of ours that is told of a certificate of the service's kind, and prints its port. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openCertificateAuthority } from "../../src/http/certificate-authority.ts";
import { endsWithBench } from "../ends-with-bench.ts";

export interface TlsPeer {
  readonly pid: number;
  readonly url: string;
  readonly caFile: string;
  stop(): Promise<void>;
}

/**
 * With a leaf of the same kind as the service's: the handshake and the record layer are to be the same work.
 * @param program beside this file; gets the leaf's file and `words`
 */
export async function startTlsPeer(
  folder: string,
  program: string,
  words: readonly string[],
): Promise<TlsPeer> {
  const authority = openCertificateAuthority(folder, Date.now());
  const leafFile = join(folder, `${program}.leaf.json`);
  await writeFile(leafFile, JSON.stringify(authority.mintLeaf(["localhost"], Date.now())), { mode: 0o600 });
  const child = endsWithBench(
    spawn(process.execPath, [join(import.meta.dirname, program), leafFile, ...words], {
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  const ended = once(child, "exit");
  const failed = ended.then(([code]) => {
    throw new Error(`${program} ended with ${code}`);
  });
  failed.catch(() => undefined);
  const [port] = (await Promise.race([once(createInterface({ input: child.stdout }), "line"), failed])) as [
    string,
  ];
  return {
    pid: child.pid ?? 0,
    url: `https://localhost:${port}`,
    caFile: authority.caFile,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
