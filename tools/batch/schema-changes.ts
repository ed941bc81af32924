/**
 * Reads the page of differences between consecutive api-versions. It answers one question: at which version did a property, a
 * requirement or an enum value come or go. Needed for the versions that have no description of their own.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EARLY_CHANGES } from "./early-versions.ts";

export interface SchemaChanges {
  /** Index of the api-version, after `after` and at most `upTo`, that first differs in one of the facts; else undefined. */
  changedBetween(after: number, upTo: number, facts: readonly string[]): number | undefined;
}

export const propertyFact = (model: string, property: string): string => `property ${model}.${property}`;
export const requiredFact = (model: string, property: string): string => `required ${model}.${property}`;
export const enumValueFact = (owner: string, value: string): string => `value ${owner} ${value}`;

export const definitionFact = (model: string): string => `definition ${model}`;

const SECTION = /^### (\S+) -> (\S+)$/;

export function readSchemaChanges(folder: string, apiVersions: readonly string[]): SchemaChanges {
  const at = new Map<string, number[]>();
  let index = -1;
  const page = readFileSync(join(folder, "SCHEMA-CHANGES.md"), "utf8");
  for (const line of `${EARLY_CHANGES}\n${page}`.split("\n")) {
    const section = SECTION.exec(line);
    if (section) index = apiVersions.indexOf(section[2] ?? "");
    else if (index >= 0) for (const fact of factsOfLine(line)) at.set(fact, [...(at.get(fact) ?? []), index]);
  }
  return {
    changedBetween: (after, upTo, facts) =>
      facts
        .flatMap(factAndOwners)
        .flatMap((fact) => at.get(fact) ?? [])
        .find((changedAt) => changedAt > after && changedAt <= upTo),
  };
}

/** A requirement or an enum value comes and goes with its property at the latest, a property with its model. */
function factAndOwners(fact: string): string[] {
  const [kind, dotted = ""] = fact.split(" ");
  const [owner = ""] = dotted.split(".");
  return [fact, ...(kind === "property" ? [] : [`property ${dotted}`]), definitionFact(owner)];
}

function factsOfLine(line: string): string[] {
  const definitions = /^- definitions added: (.*)$/.exec(line)?.[1];
  if (definitions !== undefined) {
    return [...definitions.matchAll(/(\w+)[{[]/g)].map(([, name = ""]) => definitionFact(name));
  }
  const removed = /^- definitions removed: (.*)$/.exec(line)?.[1];
  if (removed !== undefined) return listed(removed).map(definitionFact);
  const properties = /^- properties (?:added|removed): (.*)$/.exec(line)?.[1];
  if (properties !== undefined) {
    return listed(properties).map((dotted) => {
      const dot = dotted.indexOf(".");
      return propertyFact(dotted.slice(0, dot), dotted.slice(dot + 1));
    });
  }
  const required = /^- required of (\w+): (.*)$/.exec(line);
  if (required)
    return listed(unsigned(required[2])).map((property) => requiredFact(required[1] ?? "", property));
  const values = /^- enum of ([\w.]+): (.*)$/.exec(line);
  if (values) return listed(unsigned(values[2])).map((value) => enumValueFact(values[1] ?? "", value));
  return [];
}

const listed = (text: string): string[] => text.split(",").map((word) => word.trim());

const unsigned = (text = ""): string => text.trim().replace(/^[+-]/, "");
