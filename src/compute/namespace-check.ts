/**
 * Whether nodes on this machine can have namespaces, as far as it shows in a few milliseconds, before there is an agent. The agent finds
 * out for good, by making one; this is for whoever starts the service and wants to know what the nodes will be.
 */
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CHECK_MS = 5_000;
/** The same two levels up from the sources and from the published `dist/compute`. */
const SHIPPED_INIT = fileURLToPath(
  new URL(`../../native/build/${process.platform}-${process.arch}/node-init`, import.meta.url),
);

/** Why not; undefined when nothing speaks against it. */
export async function namespacesObstacle(): Promise<string | undefined> {
  const { BATCHYARD_NODE_INIT: wish } = process.env;
  if (wish !== undefined) return `BATCHYARD_NODE_INIT is ${wish}`;
  if (!existsSync(SHIPPED_INIT) && !isOnPath("cc")) return "no C compiler (cc) on this machine";
  const words = ["--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "true"];
  try {
    await promisify(execFile)("unshare", words, { timeout: CHECK_MS });
    return undefined;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    return code === "ENOENT" ? undefined : (stderr?.trim().split("\n").at(-1) ?? String(code));
  }
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
