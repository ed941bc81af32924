/** Which program is measured: the sources as they stand, or a build of them as it would be published. */
import { execFile } from "node:child_process";
import { cp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const repository = join(import.meta.dirname, "../..");
const NEEDED_TO_BUILD = [
  "bin",
  "src",
  "portal",
  "examples",
  "native",
  "tools",
  "tsconfig.json",
  "tsconfig.client.json",
  "package.json",
  "package-lock.json",
];

export const sourceProgram = join(repository, "bin/batchyard.js");

/** In a copy: what a build leaves in the working tree is picked up by whatever runs there. */
export async function buildProgram(folder: string): Promise<string> {
  const copy = join(folder, "build");
  for (const part of NEEDED_TO_BUILD) await cp(join(repository, part), join(copy, part), { recursive: true });
  await symlink(join(repository, "node_modules"), join(copy, "node_modules"));
  const build = ["--disable-warning=ExperimentalWarning", "tools/build.ts"];
  await promisify(execFile)(process.execPath, build, { cwd: copy });
  // The program prefers sources where there are any.
  await rm(join(copy, "src"), { recursive: true });
  return join(copy, "bin/batchyard.js");
}
