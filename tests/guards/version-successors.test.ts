/**
 * Whatever an api-version had and a later one has no more has a word in the report of what to take instead, and the table of clients' methods
 * tells of methods that the clients have.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { enumValues, modelProperties } from "../../src/core/model/model-table.ts";
import { batchApiVersions } from "../../src/wire/batch/api-versions.gen.ts";
import { clientMethods } from "../../src/wire/batch/client-methods.ts";
import { DATED_VALUES } from "../../src/wire/batch/dated-values.ts";
import { type BatchModelName, batchEnums, batchModels } from "../../src/wire/batch/models.gen.ts";
import { OLDER_PROPERTIES } from "../../src/wire/batch/older-properties.ts";
import type { BatchOperation } from "../../src/wire/batch/operation.ts";
import { type BatchOperationId, batchOperations } from "../../src/wire/batch/operations.gen.ts";
import {
  OPERATION_SUCCESSORS,
  PROPERTY_SUCCESSORS,
  VALUE_SUCCESSORS,
} from "../../src/wire/batch/successors.ts";

const newest = batchApiVersions.length - 1;
const rows: readonly BatchOperation[] = Object.values(batchOperations);
const models = Object.keys(batchModels) as BatchModelName[];
const properties = (model: BatchModelName, index: number) =>
  modelProperties(model, index).known.map(({ name }) => name);

describe("what the newest api-version does not have has a successor, and nothing else has", () => {
  test("operations", () => {
    const gone = rows.filter(({ until }) => until < newest).map(({ id }) => id);
    expect(Object.keys(OPERATION_SUCCESSORS).sort()).toEqual(gone.sort());
  });

  test("properties", () => {
    const gone = models.flatMap((model) => {
      const now = properties(model, newest);
      const ever = batchApiVersions.flatMap((_, index) => properties(model, index));
      return [...new Set(ever)].filter((name) => !now.includes(name)).map((name) => `${model}.${name}`);
    });
    const isRenamed = (dotted: string) => {
      const [model = "", name = ""] = dotted.split(".");
      return OLDER_PROPERTIES[model]?.some(({ once }) => once === name) ?? false;
    };
    const nameOf = (dotted: string) => dotted.slice(dotted.indexOf(".") + 1);
    const named = (dotted: string) => [dotted, nameOf(dotted)].find((key) => key in PROPERTY_SUCCESSORS);
    expect(gone.filter((dotted) => !isRenamed(dotted) && named(dotted) === undefined)).toEqual([]);
    expect(
      Object.keys(PROPERTY_SUCCESSORS).filter((key) => !gone.some((dotted) => named(dotted) === key)),
    ).toEqual([]);
  });

  test("words of enums", () => {
    const gone = Object.keys(batchEnums).flatMap((type) => {
      const now = enumValues(type, newest) ?? [];
      return batchApiVersions
        .flatMap((_, index) => enumValues(type, index) ?? [])
        .filter((word) => !now.includes(word));
    });
    expect(Object.keys(VALUE_SUCCESSORS).sort()).toEqual([...new Set(gone)].sort());
  });

  test("values that end on a date belong to properties that there are", () => {
    const all = new Set(models.flatMap((model) => properties(model, newest)));
    expect(DATED_VALUES.filter(({ property }) => !all.has(property))).toEqual([]);
    expect(DATED_VALUES.filter(({ date }) => !/^\d{4}-\d\d(-\d\d)?$/.test(date))).toEqual([]);
  });
});

const specs = process.env.BATCHYARD_SPECS;
if (!specs) console.warn("SKIPPED: methods by the list of releases; BATCHYARD_SPECS names no folder");
const facts = specs ? readFileSync(join(specs, "VERSIONS-2025-2026.md"), "utf8") : "";

const operationAt = (method: string, path: string) =>
  rows.find((row) => row.method === method && row.path === path)?.id as BatchOperationId | undefined;

describe("the methods of clients", () => {
  test("have one of today for each operation that the newest version has, and for no other", () => {
    // The libraries of today were made from 2025-06-01, which still has the usage metrics.
    const without = rows.filter(({ id }) => clientMethods(id as BatchOperationId).Python.now === undefined);
    const index = batchApiVersions.findIndex(({ version }) => version === "2025-06-01");
    expect(without.map(({ id }) => id)).toEqual(
      rows.filter(({ until }) => until < index).map(({ id }) => id),
    );
  });

  test.skipIf(facts === "")("are in Python those that the list of both releases names", () => {
    const listed = [
      ...facts.matchAll(
        /^\| (?:`([\w.]+)`.*|–) \| (\w+) `([^`]+)`(?:, many calls)? \| (?:`(\w+)`|\*\*none\*\*) \|/gm,
      ),
    ]
      .filter(([line]) => !line.includes("many calls"))
      .map(([, once, method = "", path = "", now]) => ({ once, now, operation: operationAt(method, path) }));
    expect(listed).toHaveLength(78);
    const wrong = listed.filter(({ once, now, operation }) => {
      const told = operation && clientMethods(operation).Python;
      return told?.once !== once || told?.now !== now;
    });
    expect(wrong).toEqual([]);
  });

  test.skipIf(facts === "")("are in JavaScript those that the migration guide names", () => {
    const [, section = ""] = facts.split("## 5.4 ");
    const words = (cell: string) => cell.split(/, | \/ /).map((word) => word.replace("*", "").trim());
    const listed = [...section.matchAll(/^\| `([^|]+)` \| ([^|]+) \|$/gm)].flatMap(
      ([, left = "", right = ""]) => {
        let group = "";
        const now = words(right.replaceAll("`", ""));
        return words(left.replaceAll("`", "")).map((word, index) => {
          const [first = "", second] = word.split(".");
          if (second !== undefined) group = first;
          return { once: `${group}.${second ?? first}`, now: now[index]?.replace("–", "") || undefined };
        });
      },
    );
    const told = new Map(
      rows.map(({ id }) => {
        const { once, now } = clientMethods(id as BatchOperationId).JavaScript;
        return [once, now];
      }),
    );
    expect(listed.length).toBeGreaterThan(65);
    const isWhole = ({ once }: { once: string }) => !once.endsWith(".");
    expect(
      listed.filter(isWhole).filter(({ once, now }) => !told.has(once) || told.get(once) !== now),
    ).toEqual([]);
  });

  test("are those of @azure/batch as it is installed here", () => {
    const require = createRequire(import.meta.url);
    const { BatchServiceClient } = require("@azure/batch");
    const client = new BatchServiceClient(
      { signRequest: async (request: unknown) => request },
      "https://localhost",
    );
    const missing = rows.flatMap(({ id, until }) => {
      const { once } = clientMethods(id as BatchOperationId).JavaScript;
      const [group = "", method = ""] = once?.split(".") ?? [];
      // 10.2.0 sends 2022-10-01.16.0.
      return once === undefined || until < 13 || typeof client[group]?.[method] === "function" ? [] : [once];
    });
    expect(missing).toEqual([]);
  });
});
