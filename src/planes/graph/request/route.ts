/**
 * Finds the operation that a method and path name. Names compare without case, as OData services let them; a key may be a segment
 * of its own or stand in parentheses: `users/x`, `users('x')`, `applications(appId='x')`.
 */
import { Fault } from "../../../core/fault.ts";
import { PathTree } from "../../../http/path-tree.ts";
import {
  type GraphOperation,
  type GraphOperationId,
  graphOperations,
} from "../../../wire/graph/operations.ts";

export interface Route {
  readonly id: GraphOperationId;
  readonly version: "v1.0" | "beta";
  readonly path: Readonly<Record<string, string>>;
}

/** The value of an alternate key, or one in quotes. */
const KEYED = /^([a-z0-9]+)\((?:(\w+)=)?'((?:[^']|'')*)'\)$/i;

const operations = plantOperations();

/** @throws Fault BadRequest, ResourceNotFound, MethodNotAllowed */
export function routeFind(method: string, segments: readonly string[]): Route {
  const [sent = "", ...rest] = segments;
  const version = sent.toLowerCase();
  if (version !== "v1.0" && version !== "beta")
    throw new Fault("BadRequest", `Invalid version: '${sent.slice(0, 40)}'.`, { status: 400 });
  const match = rest.includes("") ? undefined : operations.find(rest.flatMap(keySegments));
  if (match === undefined)
    throw new Fault("ResourceNotFound", `Graph has no resource '${rest.join("/").slice(0, 200)}' here.`, {
      status: 404,
    });
  const id = match.operations.get(method);
  if (id === undefined)
    throw new Fault("MethodNotAllowed", `This resource does not take ${method.slice(0, 20)}.`, {
      status: 405,
    });
  return { id, version, path: Object.fromEntries(match.parameters) };
}

/** `applications(appId='x')` becomes `applications`, `appId='x'`; what is no such key stays as it is. */
function keySegments(segment: string): string[] {
  const [, collection, key, value] = KEYED.exec(segment) ?? [];
  if (collection === undefined || value === undefined) return [segment];
  return [collection, key === undefined ? value.replaceAll("''", "'") : `${key}='${value}'`];
}

function plantOperations(): PathTree<GraphOperationId> {
  const tree = new PathTree<GraphOperationId>((segment) => segment.toLowerCase());
  for (const [id, { method, path }] of Object.entries(graphOperations) as [
    GraphOperationId,
    GraphOperation,
  ][])
    tree.plant(path.slice(1), method, id);
  return tree;
}
