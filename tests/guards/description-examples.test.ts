/** The requests that the API descriptions give as examples pass the body check, each in its own api-version. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkBody } from "../../src/core/model/body-check.ts";
import { batchApiVersions } from "../../src/wire/batch/api-versions.gen.ts";
import type { BatchOperation } from "../../src/wire/batch/operation.ts";
import { batchOperations } from "../../src/wire/batch/operations.gen.ts";
import { operationsOf, type Swagger } from "../../tools/swagger.ts";

const specs = process.env.BATCHYARD_SPECS;
const DATA_PLANE = "specification/batch/data-plane";
const DESCRIPTIONS = [
  "Microsoft.Batch/stable/2022-10-01.16.0",
  "Microsoft.Batch/stable/2024-07-01.20.0",
  "Azure.Batch/preview/2024-07-01.20.0",
];

/** Words like "somesource nfs url" and "mount options ver=1.0" stand for what such a share and its options are. */
const PLACEHOLDERS = /_MountConfiguration\.json$/;

interface Example {
  readonly parameters: Readonly<Record<string, unknown>>;
}

const rows: readonly BatchOperation[] = Object.values(batchOperations);
const json = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;

describe.skipIf(!specs).each(DESCRIPTIONS)("examples of %s", (description) => {
  const file = join(specs ?? "", DATA_PLANE, description, "BatchService.json");
  const versionIndex = batchApiVersions.findIndex(({ version }) => version === basename(description));

  test("pass the body check", () => {
    let checked = 0;
    for (const { method, path, operation } of operationsOf(json<Swagger>(file))) {
      const row = rows.find((candidate) => candidate.method === method && candidate.path === path);
      const parameter = operation.parameters?.find((candidate) => candidate.in === "body");
      if (row?.body === undefined || parameter === undefined) continue;
      for (const { $ref } of Object.values(operation["x-ms-examples"] ?? {})) {
        const example = join(dirname(file), $ref);
        if (PLACEHOLDERS.test(example)) continue;
        const body = existsSync(example) ? json<Example>(example).parameters[parameter.name] : undefined;
        if (body === undefined) continue;
        expect(() => checkBody(row.body ?? "BatchError", versionIndex, body), example).not.toThrow();
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(30);
  });
});
