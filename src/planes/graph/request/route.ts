/**
 * Finds the operation that a method and path name. Names compare without case, as OData services let them; a key may be a segment
 * of its own or stand in parentheses: `users/x`, `users('x')`, `applications(appId='x')`.
 */
import { Fault } from "../../../core/fault.ts";
import { PathTree } from "../../../http/path-tree.ts";
import {
  castOf,
  hasCasts,
  hasDelta,
  isCollection,
  isDeltaSegment,
  isReserved,
  type Modifiers,
  UNMODIFIED,
} from "../../../wire/graph/mechanics.ts";
import {
  type GraphOperation,
  type GraphOperationId,
  graphOperations,
} from "../../../wire/graph/operations.ts";

export interface Route {
  readonly id: GraphOperationId;
  readonly version: "v1.0" | "beta";
  readonly path: Readonly<Record<string, string>>;
  readonly modifiers: Modifiers;
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
  const { segments: named, modifiers } = modifiersOf(method, rest.flatMap(keySegments));
  const found = rest.includes("") ? undefined : find(named);
  const isModified = modifiers !== UNMODIFIED;
  // `/groups/x/members/$ref` is a row of its own where it is posted to.
  const match = isModified ? found : (found ?? boundAction(named));
  const id = match?.operations.get(isModified ? "GET" : method);
  if (match === undefined || (id === undefined && isModified) || (id && !fits(id, modifiers)))
    throw unknownPath(rest);
  if (id === undefined)
    throw new Fault("MethodNotAllowed", `This resource does not take ${method.slice(0, 20)}.`, {
      status: 405,
    });
  return { id, version, path: Object.fromEntries(match.parameters), modifiers };
}

/** What the last segments ask of the collection before them. */
function modifiersOf(
  method: string,
  segments: readonly string[],
): { readonly segments: readonly string[]; readonly modifiers: Modifiers } {
  const rest = [...segments];
  if (method !== "GET") return { segments: rest, modifiers: UNMODIFIED };
  const takes = (is: (segment: string) => boolean): boolean => {
    if (!is(rest.at(-1) ?? "")) return false;
    rest.pop();
    return true;
  };
  const isCount = takes((segment) => segment.toLowerCase() === "$count");
  const isReferences = !isCount && takes((segment) => segment.toLowerCase() === "$ref");
  const cast = castOf(rest.at(-1) ?? "");
  if (cast !== undefined) rest.pop();
  const isDelta = takes(isDeltaSegment);
  const isNone = !isCount && !isReferences && !isDelta && cast === undefined;
  return { segments: rest, modifiers: isNone ? UNMODIFIED : { isCount, isReferences, isDelta, cast } };
}

function fits(id: GraphOperationId, { isCount, isReferences, isDelta, cast }: Modifiers): boolean {
  if (isDelta) return hasDelta(id) && !isCount && !isReferences && cast === undefined;
  if (cast !== undefined) return hasCasts(id);
  return !(isCount || isReferences) || isCollection(id);
}

/** What only a function, an action or a cast can be is no object's id. */
function find(segments: readonly string[]) {
  const match = operations.find(segments);
  return match?.parameters.some(([, value]) => isReserved(value)) ? undefined : match;
}

/** A bound action may be named with its namespace: `microsoft.graph.getMemberGroups`. */
function boundAction(segments: readonly string[]) {
  const [, action] = /^microsoft\.graph\.(\w+)$/i.exec(segments.at(-1) ?? "") ?? [];
  const match = action === undefined ? undefined : find([...segments.slice(0, -1), action]);
  return match?.parameters.at(-1)?.[1] === action ? undefined : match;
}

function unknownPath(rest: readonly string[]): Fault {
  const reserved = rest.find(isReserved);
  return reserved === undefined
    ? new Fault("ResourceNotFound", `Graph has no resource '${rest.join("/").slice(0, 200)}' here.`, {
        status: 404,
      })
    : new Fault("BadRequest", `Resource not found for the segment '${reserved.slice(0, 100)}'.`, {
        status: 400,
      });
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
