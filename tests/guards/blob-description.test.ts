/**
 * Nothing that Azure's client can say to the Blob service is taken and then left undone without a word: each operation of its description, and each
 * header and query parameter of each, is done, refused by name, or stands here with the reason why nothing has to be done about it.
 */
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { UNBUILT_HEADERS, UNBUILT_PARAMETERS } from "../../src/wire/storage/blob-headers.ts";
import {
  BLOB_OPERATIONS,
  type BlobLevel,
  type BlobOperation,
} from "../../src/wire/storage/blob-operations.ts";

interface Parameter {
  readonly mapper: {
    readonly serializedName?: string;
    readonly headerCollectionPrefix?: string;
    readonly isConstant?: boolean;
    readonly defaultValue?: unknown;
  };
}

interface Described {
  /** The client's class and method. */
  readonly name: string;
  readonly path: string;
  readonly httpMethod: string;
  readonly headerParameters?: readonly Parameter[];
  readonly queryParameters?: readonly Parameter[];
}

/** The client's own descriptions of its requests, of which it exports none: each method hands its own to whoever sends. */
async function described(): Promise<Described[]> {
  const main = createRequire(import.meta.url).resolve("@azure/storage-blob");
  const folder = join(dirname(main), "../esm/generated/src/operations");
  const found: Described[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".js") && name !== "index.js")) {
    for (const [name, type] of Object.entries(await import(join(folder, file)))) {
      const Client = type as new (client: object) => Record<string, () => unknown>;
      let method = "";
      const client = new Client({
        sendOperationRequest: (_: unknown, spec: Omit<Described, "name">) =>
          void found.push({ ...spec, name: `${name} ${method}` }),
      });
      for (method of Object.getOwnPropertyNames(Client.prototype))
        if (method !== "constructor") client[method]?.();
    }
  }
  return found;
}

const LEVELS: Readonly<Record<string, BlobLevel>> = {
  "/": "service",
  "/{containerName}": "container",
  "/{containerName}/{blob}": "blob",
};

/** Headers and parameters that no row has, and why nothing is lost. */
const HARMLESS: Readonly<Record<string, string>> = {
  accept: "every answer has one form",
  "content-length": "counted by the front",
  "content-type": "of a document whose form is known",
  "x-ms-blob-public-access": "refused by the plane: containers stay closed to the public",
  "x-ms-copy-source-tag-option":
    "of content from a URL: to copy the tags is refused, not to copy them is what is done",
  "x-ms-file-request-intent": "of sources in Azure Files, and those are refused",
};

function constant(parameters: readonly Parameter[], named: string): string {
  const found = parameters.find(({ mapper }) => mapper.serializedName === named && mapper.isConstant);
  return found === undefined ? "-" : String(found.mapper.defaultValue);
}

function rowOf({ path, httpMethod, queryParameters = [], headerParameters = [] }: Described) {
  const operations = BLOB_OPERATIONS[LEVELS[path] ?? "service"];
  const key = `${httpMethod} ${constant(queryParameters, "restype")} ${constant(queryParameters, "comp")}`;
  const names = headerParameters.map(({ mapper }) => mapper.serializedName);
  if (!names.includes("x-ms-copy-source")) return { key, row: operations[key] };
  const kind = key === "PUT - -" && !names.includes("x-ms-blob-type") ? "copy" : "from";
  return { key, row: operations[`${key}+${kind}`] ?? operations[key] };
}

function isDone({ headers, query }: BlobOperation, name: string): boolean {
  if (["x-ms-version", "x-ms-client-request-id", "restype", "comp", "timeout"].includes(name)) return true;
  return (
    query.includes(name) || headers.some((own) => own === name || (own.endsWith("-") && name.startsWith(own)))
  );
}

const isRefused = (name: string) =>
  Object.hasOwn(UNBUILT_HEADERS, name) || Object.hasOwn(UNBUILT_PARAMETERS, name);

test("every operation of the client's description is done, or refused by name", async () => {
  const operations = await described();
  expect(operations.length).toBeGreaterThan(60);
  const missing = operations.filter((each) => rowOf(each).row === undefined);
  expect(missing.map((each) => `${each.name}: ${each.path} ${rowOf(each).key}`)).toEqual([]);
});

test("every header and parameter of each is done, refused by name, or harmless", async () => {
  const lost: string[] = [];
  for (const each of await described()) {
    const { row } = rowOf(each);
    if (row === undefined || row.unbuilt !== undefined) continue;
    for (const { mapper } of [...(each.headerParameters ?? []), ...(each.queryParameters ?? [])]) {
      const name = (mapper.headerCollectionPrefix ?? mapper.serializedName ?? "").toLowerCase();
      if (HARMLESS[name] === undefined && !isRefused(name) && !isDone(row, name))
        lost.push(`${row.name} ${name}`);
    }
  }
  expect([...new Set(lost)].sort()).toEqual([]);
});
