/** Requests that no client of Azure would send, made from the tables of operations: each names something that is there, and is wrong somewhere. */
import { armOperations } from "../../src/wire/arm/operations.ts";
import { batchModels } from "../../src/wire/batch/models.gen.ts";
import type { BatchOperation } from "../../src/wire/batch/operation.ts";
import { batchOperations } from "../../src/wire/batch/operations.gen.ts";
import { graphOperations } from "../../src/wire/graph/operations.ts";
import type { SeededRandom } from "../e2e/chaos/seeded-random.ts";
import type { PlaneRequest } from "./plane-sender.ts";

type Row = Readonly<{ method: string; path: string; body?: string; apiVersions?: readonly string[] }>;
const rowsOf = (table: object) => Object.values(table) as [Row, ...Row[]];
const ROWS = {
  batch: rowsOf(batchOperations),
  arm: rowsOf(armOperations),
  graph: rowsOf(graphOperations),
} as const;

const ODD_WORDS: readonly [string, ...string[]] = [
  "a",
  "..",
  "%2e%2e%2f",
  "%00",
  "%ff",
  "%E2%80%AE",
  "__proto__",
  "constructor",
  "toString",
  "(){}",
  "'or'1'eq'1",
  "x".repeat(5_000),
  "*",
  "0",
  "-1",
  "1e308",
  "99999999999999999999",
  "a;b=c",
  "null",
];

const ODD_FILTERS: readonly [string, ...string[]] = [
  "(".repeat(2_000),
  `${"not ".repeat(2_000)}x`,
  "id eq 'a'".concat(" or id eq 'a'".repeat(800)),
  `startswith(id,'${"a".repeat(9_000)}')`,
  "state eq 'active' and",
  `id in (${"'a',".repeat(1_500)}'a')`,
  " ".repeat(9_000),
  "'",
];

const FORMS: readonly [string, ...string[]] = [
  "grant_type=client_credentials&client_id=a&client_secret=b&scope=c/.default",
  "grant_type=password&username=a&password=b",
  "grant_type=toString",
  `grant_type=refresh_token&refresh_token=${"a.".repeat(4_000)}`,
  `client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=${"e30.".repeat(900)}`,
  "a=1&".repeat(2_000),
  `scope=${"%20".repeat(3_000)}`,
];

export function oddRequest(random: SeededRandom, subscription: string, tenant: string): PlaneRequest {
  const plane = random.pick(["batch", "batch", "batch", "arm", "arm", "graph", "entra"] as const);
  if (plane === "entra") {
    const path = `/${random.pick([tenant, "common", oddWord(random)])}/oauth2/${random.pick(["token", "v2.0/token", "v2.0/devicecode", "authorize"])}`;
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return { plane, method: "POST", path, headers, body: random.pick(FORMS) };
  }
  const row = random.pick(ROWS[plane]);
  const path = row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === "subscriptionId" && random.chance(0.8) ? subscription : oddWord(random),
  );
  const prefix = plane === "graph" ? "/v1.0" : "";
  const headers: Record<string, string> = { "content-type": "application/json; odata=minimalmetadata" };
  if (random.chance(0.1))
    headers[random.pick(["if-match", "ocp-range", "ocp-date", "range"])] = oddWord(random);
  const request = { plane, method: row.method, path: `${prefix}${path}?${query(random, row)}`, headers };
  if (row.method === "GET" || row.method === "HEAD") return request;
  return { ...request, body: body(random, (row as Partial<BatchOperation>).body) };
}

/** As a path and a header can carry it. */
function oddWord(random: SeededRandom): string {
  return random.chance(0.5) ? `n${random.upTo(5).toFixed(0)}` : random.pick(ODD_WORDS).replaceAll(" ", "%20");
}

function query(random: SeededRandom, row: Row): string {
  const version = row.apiVersions?.at(-1) ?? "2024-07-01.20.0";
  const words = [`api-version=${random.chance(0.95) ? version : oddWord(random)}`];
  if (random.chance(0.4)) words.push(`$filter=${encodeURIComponent(random.pick(ODD_FILTERS))}`);
  if (random.chance(0.2)) words.push(`$select=${"id,".repeat(random.upTo(3_000))}id`);
  if (random.chance(0.2)) words.push(`maxresults=${oddWord(random)}`);
  if (random.chance(0.1)) words.push(`$skiptoken=${oddWord(random)}`);
  if (random.chance(0.1)) words.push("a=b&".repeat(random.upTo(1_500)));
  return words.join("&");
}

function body(random: SeededRandom, model: string | undefined): string {
  // Few of them: what is large takes the fuzzer itself longer than the service.
  const kind = random.chance(0.04)
    ? random.pick(["deep", "wide", "long"])
    : random.pick(["model", "model", "model", "torn", "none"]);
  switch (kind) {
    case "model":
      return JSON.stringify(modelValue(random, model, 0));
    case "deep":
      return random.chance(0.5) ? "[".repeat(50_000) : '{"a":'.repeat(50_000);
    case "wide":
      return `{${Array.from({ length: 20_000 }, (_, n) => `"p${n}":${n}`).join()}}`;
    case "long":
      return JSON.stringify({ id: "x".repeat(900_000), value: Array(5_000).fill({ id: "a" }) });
    case "torn":
      return '{"id":"a","poolInfo":{"poolId';
    default:
      return "";
  }
}

const models: Readonly<Record<string, Readonly<Record<string, string>>>> = batchModels;

/** Some of the model's properties, each of its type or of another. */
function modelValue(random: SeededRandom, model: string | undefined, depth: number): unknown {
  const properties = model === undefined || depth > 6 ? undefined : models[model];
  if (properties === undefined) return scalar(random);
  const chosen = Object.entries(properties).filter(() => random.chance(0.6));
  return Object.fromEntries(
    chosen.map(([name, words]) => {
      const [type = ""] = words.split(" ");
      const item = type.replace("[]", "");
      const value = models[item] ? modelValue(random, item, depth + 1) : scalar(random);
      return [name, type.endsWith("[]") && random.chance(0.9) ? [value] : value];
    }),
  );
}

function scalar(random: SeededRandom): unknown {
  return random.pick<unknown>([
    "a",
    "n1",
    "",
    0,
    -1,
    5,
    1e308,
    true,
    null,
    [],
    {},
    "PT1S",
    "P99999999999D",
    "2020-01-01T00:00:00Z",
    "\u0000",
    "../../x",
    "__proto__",
    "<&>".repeat(500),
    "=".repeat(4_000),
  ]);
}
