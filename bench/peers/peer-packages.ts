/** A peer's packages: installed by npm into a cache folder of the bench's own when they are first asked for. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export interface PeerPackages {
  /** In whose `node_modules` they are. */
  readonly folder: string;
  /** Why they are not to be had; undefined when they are there. */
  missing(): Promise<string | undefined>;
}

const cache = join(import.meta.dirname, "../../node_modules/.cache/batchyard-bench");
const OPTIONS = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];

/** @param specifiers as `npm install` takes them */
export function peerPackages(name: string, specifiers: readonly string[]): PeerPackages {
  const folder = join(cache, name);
  const nameOf = (specifier: string) => specifier.replace(/(?<=.)@.*$/, "");
  const install = async () => {
    if (specifiers.every((specifier) => existsSync(join(folder, "node_modules", nameOf(specifier))))) return;
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), '{ "private": true }\n');
    await promisify(execFile)("npm", ["install", ...OPTIONS, ...specifiers], { cwd: folder });
  };
  return {
    folder,
    async missing() {
      try {
        await install();
        return undefined;
      } catch (error) {
        return `npm install ${specifiers.join(" ")} failed: ${String(error).split("\n", 1)[0]}`;
      }
    },
  };
}
