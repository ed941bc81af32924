#!/usr/bin/env node
// Gets the command line onto Node 24: loads it right here, or hands over to a newer Node that is at hand.
// Plain JavaScript that Node 18 can read; it must do nothing else.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import * as module from "node:module";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 24;
const major = (version) => Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);

if (major(process.version) >= NEEDED) {
  // Not the default below /tmp, where another user could plant code.
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  module.enableCompileCache?.(join(caches, "batchyard", "compile"));
  const source = new URL("../src/cli/main.ts", import.meta.url);
  await import(existsSync(source) ? source.href : new URL("../dist/cli/main.js", import.meta.url).href);
} else {
  const node = newerNode();
  if (node) handOver(node);
  else {
    console.error(
      `batchyard: needs Node.js ${NEEDED} or newer; this is ${process.version} (${process.execPath}).`,
    );
    process.exitCode = 1;
  }
}

/** The repository's pinned Node first, then whatever PATH has under a likely name. */
function newerNode() {
  const pinned = fileURLToPath(new URL("../node_modules/.bin/node", import.meta.url));
  const named = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .flatMap((folder) =>
      [`node${NEEDED}`, `node-${NEEDED}`, "node", "nodejs"].map((name) => join(folder, name)),
    );
  return [pinned, ...new Set(named)].find(
    (path) =>
      existsSync(path) && major(spawnSync(path, ["--version"], { encoding: "utf8" }).stdout ?? "") >= NEEDED,
  );
}

/** The other Node becomes this process as far as the caller can see: same streams, signals and exit code. */
function handOver(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child as well.
      if (!(onTerminal && signal === "SIGINT")) child.kill(signal);
    });
  }
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
