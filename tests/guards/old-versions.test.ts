/**
 * The data plane's oldest version against the one of the first description's time, line by line as a comparison of their clients' models lists
 * the differences: each has come, or has gone, in the table of models too.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { enumValues, isModelName, modelProperties } from "../../src/core/model/model-table.ts";
import { batchApiVersions } from "../../src/wire/batch/api-versions.gen.ts";
import type { BatchOperation } from "../../src/wire/batch/operation.ts";
import { batchOperations } from "../../src/wire/batch/operations.gen.ts";

const specs = process.env.BATCHYARD_SPECS;
if (!specs) console.warn("SKIPPED: the oldest version line by line; BATCHYARD_SPECS names no folder");
const comparison = specs ? readFileSync(join(specs, "OLD-VERSIONS-2017.txt"), "utf8") : "";
const [, section = ""] = /^## data plane \S+ -> \S+\n([\s\S]*?)^## /m.exec(comparison) ?? [];
/** Of response headers, which clients make models of, the table of operations tells. */
const lines = section
  .trim()
  .split("\n")
  .filter((line) => !/Headers \{/.test(line));

const indexOf = (name: string) => batchApiVersions.findIndex(({ version }) => version === name);
const OLD = indexOf("2017-01-01.4.0");
const NEW = indexOf("2018-12-01.8.0");

/** What is not so, and why that is right. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "ComputeNodeState +preempted": "a reply tells the state that the node has",
  "PoolState -upgrading": "no pool's operating system is upgraded here",
  "PoolUpgradeOSParameter -": "the operation is known, and answers that it is not built",
  "TaskFailureInformation +": "stands for the older TaskSchedulingError as well",
  "ErrorCategory +": "stands for the older SchedulingErrorCategory as well",
  "TaskSchedulingError -": "as TaskFailureInformation, which has the same properties",
  "SchedulingErrorCategory -": "as ErrorCategory, which has the same words",
};

/** Names of the list that are written otherwise in the descriptions. */
const nameOf = (listed: string) => listed.replace("InboundNatPool", "InboundNATPool");

const operations: readonly BatchOperation[] = Object.values(batchOperations);

/** All that bodies and replies of a version are made of. */
function reachedIn(index: number): Set<string> {
  const reached = new Set<string>();
  const visit = (type: string | undefined): void => {
    if (type === undefined || reached.has(type)) return;
    reached.add(type);
    if (isModelName(type)) for (const property of modelProperties(type, index).known) visit(property.type);
  };
  for (const { body, response, since, until } of operations)
    if (since <= index && index <= until) for (const type of [body, response]) visit(type);
  return reached;
}

/** In lower case: words of enums are read in any. */
function partsOf(type: string, index: number): Set<string> {
  const names = isModelName(type)
    ? modelProperties(type, index).known.map(({ name }) => name)
    : (enumValues(type, index) ?? []);
  return new Set(names.map((name) => name.toLowerCase()));
}

const reached = new Map([OLD, NEW].map((index) => [index, reachedIn(index)]));

/** @returns what of a line is not so */
function wrongOf(line: string): string[] {
  const only = /^only (new|old): (\w+) \{(.*)\}$/.exec(line);
  if (only) {
    const [, when, listed = "", parts = ""] = only;
    const type = nameOf(listed);
    const [there, absent] = when === "new" ? [NEW, OLD] : [OLD, NEW];
    const sign = when === "new" ? "+" : "-";
    const known = partsOf(type, there);
    if (known.size === 0 || reached.get(absent)?.has(type)) return [`${listed} ${sign}`];
    const missing = parts
      .toLowerCase()
      .split(", ")
      .filter((part) => !known.has(part) && part !== "unmapped");
    return missing.map((part) => `${listed}.${part}`);
  }
  const [, type = "", kind, changes = ""] = /^(\w+) (properties|values) (.*)$/.exec(line) ?? [];
  const words = changes.split(" ").map((word) => [word.slice(0, 1), word.slice(1).toLowerCase()] as const);
  const other = (sign: string) => new Set(words.filter(([one]) => one !== sign).map(([, name]) => name));
  return words.flatMap(([sign, name]) => {
    // A word that is only written otherwise, and one of which a client makes what it does not know.
    if (name === "unmapped" || (kind === "values" && other(sign).has(name))) return [];
    const [there, absent] = sign === "+" ? [NEW, OLD] : [OLD, NEW];
    const isSo = partsOf(type, there).has(name) && !partsOf(type, absent).has(name);
    return isSo ? [] : [`${type} ${sign}${name}`];
  });
}

describe.skipIf(!specs)("2017-01-01.4.0 beside 2018-12-01.8.0", () => {
  test("differs as each line of the comparison says, but for what is named here", () => {
    expect(lines.length).toBeGreaterThan(75);
    expect(lines.flatMap(wrongOf).sort()).toEqual(Object.keys(OTHERWISE).sort());
  });
});
