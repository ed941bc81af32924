/**
 * The newest description is generated from TypeSpec and names everything anew. Both generations describe 2024-07-01.20.0, so
 * walking the two in step, operation by operation and property by property, yields which name stands for which.
 */
import { operationsOf, referredName, type Swagger, type SwaggerSchema } from "../swagger.ts";

/** From the TypeSpec name of a definition to the Swagger names it stands for. */
export type TypeSpecPairs = ReadonlyMap<string, ReadonlySet<string>>;

export function pairTypeSpecNames(typeSpec: Swagger, swagger: Swagger): TypeSpecPairs {
  const pairs = new Map<string, Set<string>>();

  const pair = (newer: SwaggerSchema | undefined, older: SwaggerSchema | undefined): void => {
    if (newer === undefined || older === undefined) return;
    if (newer.type === "array") pair(newer.items, older.items);
    const newerName = referredName(newer) ?? referredName(newer.allOf?.[0]);
    const olderName = referredName(older) ?? older["x-ms-enum"]?.name;
    if (newerName === undefined || olderName === undefined) return;
    const known = pairs.get(newerName) ?? new Set();
    if (known.has(olderName)) return;
    pairs.set(newerName, known.add(olderName));
    const olderProperties = swagger.definitions[olderName]?.properties;
    for (const [name, schema] of Object.entries(typeSpec.definitions[newerName]?.properties ?? {})) {
      pair(schema, olderProperties?.[name]);
    }
  };

  const older = new Map(operationsOf(swagger).map((o) => [`${o.method} ${o.path}`, o.operation]));
  for (const { method, path, operation } of operationsOf(typeSpec)) {
    const twin = older.get(`${method} ${path}`);
    if (twin === undefined) throw new Error(`no Swagger operation for ${method} ${path}`);
    const body = (of: typeof operation) => of.parameters?.find((p) => p.in === "body")?.schema;
    pair(body(operation), body(twin));
    for (const [status, response] of Object.entries(operation.responses)) {
      pair(response.schema, twin.responses[status]?.schema);
    }
  }
  return pairs;
}
