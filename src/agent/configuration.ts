/** Reads how the service is found. The file is the service's: it is read again whenever a connection is tried. */
import { readFileSync } from "node:fs";
import type { AgentConfiguration } from "../wire/agent/configuration.ts";

const NAMES = ["agentId", "url", "caFile", "token", "nodesFolder"] as const;

/** @throws Error naming the file and what is wrong with it */
export function readConfiguration(file: string): AgentConfiguration {
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  for (const name of NAMES) {
    const value = typeof content === "object" && content !== null ? Reflect.get(content, name) : undefined;
    if (typeof value !== "string" || value === "") throw new Error(`${file}: "${name}" is missing.`);
  }
  return content as AgentConfiguration;
}
