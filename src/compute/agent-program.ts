/** How a driver starts an agent, wherever that is to run: the program, its words, its environment, the file that it reads. */
import { renameSync, writeFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { AgentConfiguration } from "../wire/agent/configuration.ts";

/** From the sources it is a `.ts` file, from the published package a `.js` file, as this one is. */
const AGENT_PROGRAM = fileURLToPath(new URL(`../agent/main${extname(import.meta.url)}`, import.meta.url));
/** With it only the first agent that runs from the sources loads the compiler that strips their types (17 MB). */
const SOURCES_COMPILE_CACHE = fileURLToPath(new URL("../../node_modules/.cache/batchyard", import.meta.url));
/** An agent waits most of its life: small heap generations and few threads, at no cost that was measured. */
const NODE_FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=256", "--v8-pool-size=1"];
/** What the agent sees of the service's environment. Its tasks see less. */
const VARIABLES = ["PATH", "LANG", "TZ", "BATCHYARD_NODE_INIT", "BATCHYARD_AGENT_ORPHAN_SECONDS"];

/** Words for the Node.js that runs the agent. */
export function agentWords(configurationFile: string): string[] {
  return [...NODE_FLAGS, AGENT_PROGRAM, "--configuration", configurationFile];
}

export function agentEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const name of VARIABLES) environment[name] = process.env[name];
  if (AGENT_PROGRAM.endsWith(".ts")) environment.NODE_COMPILE_CACHE = SOURCES_COMPILE_CACHE;
  return environment;
}

export function writeAgentConfiguration(file: string, configuration: AgentConfiguration): void {
  // Written beside and renamed: an agent may read it at this moment.
  writeFileSync(`${file}.new`, `${JSON.stringify(configuration, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
