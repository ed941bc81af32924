/** Runs the command of a peer to its end. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

export function isInstalled(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

/** @returns wall seconds. @throws unless it exits with 0 */
export async function secondsOf(script: string, cwd?: string): Promise<number> {
  const started = performance.now();
  const child = spawn("sh", ["-c", script], {
    stdio: ["ignore", "ignore", "inherit"],
    ...(cwd !== undefined && { cwd }),
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`ended with ${code}: ${script}`);
  return (performance.now() - started) / 1_000;
}
