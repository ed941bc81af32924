/** DESIGN's arrows: who may import whom. */
import { expect, test } from "vitest";
import { contentOf, importsOf, isTest, sourceFiles } from "./source-files.ts";

/** Layer to the layers it may import; each may import itself. Planes count one by one, for they never import each other. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  cli: ["client", "wire/access", "wire/rbac", "wire/versions"],
  // Types alone, which the build declares beside the client: it is published as a library and loads no file of the service.
  client: ["wire/batch/models-types.gen.ts"],
  wire: [],
  core: ["wire"],
  http: [],
  "planes/arm": ["http", "app", "core", "wire"],
  "planes/batch": ["http", "app", "core", "wire"],
  "planes/blob": ["http", "app", "core", "wire"],
  "planes/entra": ["http", "app", "core", "wire"],
  "planes/graph": ["http", "app", "core", "wire"],
  "planes/node": ["http", "app", "core", "wire"],
  "planes/portal": ["http"],
  app: ["core", "store", "wire"],
  loops: ["app", "core"],
  store: ["core", "wire"],
  compute: ["app/ports", "core", "wire"],
  // The stages of the start know every concrete thing; nobody but main.ts knows them.
  service: ["client", "planes", "loops", "app", "compute", "http", "store", "core", "wire"],
  agent: [
    "core/audit",
    "core/containers",
    "core/lifecycle",
    "core/mounts",
    "core/pools",
    "core/transfer",
    "wire",
  ],
};

/**
 * What DESIGN's arrows leave unsaid and code needs: the one domain error, how any other is logged, how a certificate's bytes are written, and
 * Node's `http`.
 */
const OPEN_TO_ALL = [
  "src/core/fault.ts",
  "src/core/unexpected.ts",
  "src/core/x509/der.ts",
  "src/core/node-http.ts",
];

/** The commands that host the service in their own process. This list only shrinks. */
const EXCEPTIONS = [
  "src/cli/service/hosted-service.ts -> src/main.ts",
  "src/cli/service/service-options.ts -> src/main.ts",
];

function layerOf(file: string): string | undefined {
  const [, folder = "", next = ""] = file.split("/");
  return folder === "planes" ? `planes/${next}` : file.split("/").length > 2 ? folder : undefined;
}

function allowed(layer: string, imported: string): boolean {
  if (layerOf(imported) === layer || OPEN_TO_ALL.includes(imported)) return true;
  return ARROWS[layer]?.some((target) => `${imported}/`.startsWith(`src/${target}/`)) === true;
}

test("every layer is known to this guard", () => {
  const layers = new Set(sourceFiles.map(layerOf).filter((layer) => layer !== undefined));
  expect([...layers].filter((layer) => ARROWS[layer] === undefined)).toEqual([]);
});

test("imports follow the arrows", () => {
  const against = sourceFiles.flatMap((file) => {
    const layer = layerOf(file);
    // main.ts is the composition root. Tests may build what they test from below.
    if (layer === undefined || isTest(file)) return [];
    return importsOf(file)
      .filter((imported) => imported.startsWith("src/") && !allowed(layer, imported))
      .map((imported) => `${file} -> ${imported}`);
  });
  expect(against.filter((arrow) => !EXCEPTIONS.includes(arrow))).toEqual([]);
});

const ONLY: readonly (readonly [what: string, packages: RegExp, folders: RegExp])[] = [
  ["the store knows SQL", /^(kysely|node:sqlite|pg)(\/|$)/, /^src\/store\//],
  [
    "agent, compute and cli start processes",
    /^(node:)?(child_process|cluster)$/,
    /^src\/(agent|compute|cli)\//,
  ],
];

test.each(ONLY)("only %s", (_, packages, folders) => {
  const others = sourceFiles
    .filter((file) => !folders.test(file) && !isTest(file))
    .filter((file) => importsOf(file).some((imported) => packages.test(imported)));
  expect(others).toEqual([]);
});

test("what stays in memory takes Node's http from core/node-http, which says why", () => {
  const asValue = /^\s*import\s(?!type\b)(?:[^"'`;]*\s)?from\s*["'](?:node:)?http["']/m;
  const others = sourceFiles
    // The library and the command that signs a user in are not there for long, or not ours to keep small.
    .filter((file) => !isTest(file) && !/^src\/(client|cli\/login)\//.test(file))
    .filter((file) => asValue.test(contentOf(file)));
  expect(others).toEqual([]);
});
