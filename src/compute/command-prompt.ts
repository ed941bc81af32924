/**
 * Whether tasks written for Windows can run on nodes of this machine, which are Linux: their command lines begin with `cmd /c`, so that
 * whoever wants them served puts a program of that name where tasks find it.
 */
import { accessSync, constants } from "node:fs";
import { basename, join } from "node:path";
import type { NodePath } from "../wire/agent/configuration.ts";

const SEARCHED = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
const NAMES = ["cmd", "cmd.exe"];

/** @param shown what nodes show of this machine beside the usual */
export function hasCommandPrompt(shown: readonly NodePath[]): boolean {
  const files = SEARCHED.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  for (const { path } of shown) {
    if (NAMES.includes(basename(path))) files.push(path);
    else files.push(...NAMES.map((name) => join(path, name)));
  }
  return files.some(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
