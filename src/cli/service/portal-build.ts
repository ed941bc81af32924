/** Builds the portal of a checkout, in a process of its own, when it is first asked for. The published package brings it built. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../../tools/build-portal.ts", import.meta.url));

/** @param log gets its progress, a line at a time */
export function portalBuild(log: (line: string) => void): () => Promise<void> {
  return async () => {
    if (!existsSync(PROGRAM)) return;
    const child = spawn(process.execPath, [PROGRAM], { stdio: ["ignore", "pipe", "pipe"] });
    let last = "";
    for (const output of [child.stdout, child.stderr])
      createInterface({ input: output }).on("line", (line) => {
        last = line;
        log(line);
      });
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`tools/build-portal.ts failed: ${last}`);
  };
}
