/**
 * Finds the operation that a method and path name. Names compare without case, as OData services let them; a key may be a segment
 * of its own or stand in parentheses: `users/x`, `users('x')`, `applications(appId='x')`.
 */
import { Fault } from "../../../core/fault.ts";
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

interface Branch {
  readonly literals: Map<string, Branch>;
  parameter?: { readonly name: string; readonly branch: Branch };
  readonly operations: Map<string, GraphOperationId>;
}

interface Match {
  readonly operations: Branch["operations"];
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** The value of an alternate key, or one in quotes. */
const KEYED = /^([a-z0-9]+)\((?:(\w+)=)?'((?:[^']|'')*)'\)$/i;

const root = plantOperations();

/** @throws Fault BadRequest, ResourceNotFound, MethodNotAllowed */
export function routeFind(method: string, segments: readonly string[]): Route {
  const [sent = "", ...rest] = segments;
  const version = sent.toLowerCase();
  if (version !== "v1.0" && version !== "beta")
    throw new Fault("BadRequest", `Invalid version: '${sent.slice(0, 40)}'.`, { status: 400 });
  const match = find(root, rest.flatMap(keySegments));
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

function find(
  branch: Branch,
  segments: readonly string[],
  parameters: Match["parameters"] = [],
  depth = 0,
): Match | undefined {
  const segment = segments[depth];
  if (segment === undefined) return branch.operations.size === 0 ? undefined : { ...branch, parameters };
  const literal = branch.literals.get(segment.toLowerCase());
  const match = literal && find(literal, segments, parameters, depth + 1);
  if (match || !branch.parameter || segment === "") return match;
  const { name, branch: next } = branch.parameter;
  return find(next, segments, [...parameters, [name, segment]], depth + 1);
}

function plantOperations(): Branch {
  const planted = newBranch();
  for (const [id, { method, path }] of Object.entries(graphOperations) as [
    GraphOperationId,
    GraphOperation,
  ][]) {
    let branch = planted;
    for (const segment of path.slice(1).split("/")) {
      const name = /^\{(.*)\}$/.exec(segment)?.[1];
      if (name === undefined) {
        const next = branch.literals.get(segment.toLowerCase()) ?? newBranch();
        branch.literals.set(segment.toLowerCase(), next);
        branch = next;
      } else {
        branch.parameter ??= { name, branch: newBranch() };
        branch = branch.parameter.branch;
      }
    }
    branch.operations.set(method, id);
  }
  return planted;
}

function newBranch(): Branch {
  return { literals: new Map(), operations: new Map() };
}
