/**
 * Finds the operation that a method and path name, and the scope at which it is decided. ARM ids compare without case, and an
 * extension resource (a role assignment, say) is addressed below the id of any other resource.
 */
import { asciiLowerCase } from "../../../core/access/ascii-lower-case.ts";
import type { Fault } from "../../../core/fault.ts";
import type { ArmOperation } from "../../../wire/arm/operation.ts";
import { type ArmOperationId, armOperations } from "../../../wire/arm/operations.ts";
import { armFault } from "./arm-fault.ts";

export interface Route {
  readonly id: ArmOperationId;
  /** By name; `scope` is what an extension resource stands on. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The resource that the path names, or the one that contains what is listed, added or acted on. */
  readonly scope: string;
}

interface Branch {
  readonly literals: Map<string, Branch>;
  parameter?: { readonly name: string; readonly branch: Branch };
  readonly operations: Map<string, ArmOperationId>;
}

/** A path at which there are operations, whatever their methods. */
interface PathMatch {
  readonly operations: Branch["operations"];
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Segments up to and with the last parameter: what follows it is a collection or an action. */
  readonly scopeLength: number;
}

const EXTENSION_OF_SCOPE = /^\/\{scope\}\/(providers\/.*)$/;
const EXTENSION_OF_RESOURCE = /\/\{resourceName\}\/(providers\/.*)$/;
/** An id as one parameter: the same requests as those of the row that spells the id out, so the row is left out. */
const BY_ID = /^\/\{[^}]*\}$/;

const [resources, extensions] = plantOperations();

/**
 * @param segments of the path, decoded
 * @throws Fault InvalidUri, InvalidResourceNamespace, InvalidResourceType, NotFound, MethodNotAllowed
 */
export function routeFind(method: string, segments: readonly string[]): Route {
  segments.forEach(checkSegment);
  const match = find(resources, segments) ?? findExtension(segments);
  if (match === undefined) throw unknownPath(segments);
  const id = match.operations.get(method);
  if (id === undefined) throw armFault("MethodNotAllowed", `This resource does not take ${method}.`);
  return { id, parameters: Object.fromEntries(match.parameters), scope: idOf(segments, match.scopeLength) };
}

/** What could mean another resource to whoever joins the segments again is no segment of an id. */
function checkSegment(segment: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  if (/^\.{0,2}$|[/\\\x00-\x1f\x7f]/.test(segment)) {
    throw armFault(
      "InvalidUri",
      "A segment of the path is empty, '.', '..', or holds a slash or a control character.",
    );
  }
}

function find(
  branch: Branch,
  segments: readonly string[],
  parameters: PathMatch["parameters"] = [],
  depth = 0,
  scopeLength = 0,
): PathMatch | undefined {
  const segment = segments[depth];
  if (segment === undefined) {
    return branch.operations.size === 0 ? undefined : { ...branch, parameters, scopeLength };
  }
  const literal = branch.literals.get(asciiLowerCase(segment));
  const match = literal && find(literal, segments, parameters, depth + 1, scopeLength);
  if (match || !branch.parameter) return match;
  const { name, branch: next } = branch.parameter;
  return find(next, segments, [...parameters, [name, segment]], depth + 1, depth + 1);
}

function findExtension(segments: readonly string[]): PathMatch | undefined {
  const start = providersIndex(segments);
  const match = start < 0 ? undefined : find(extensions, segments.slice(start));
  return (
    match && {
      ...match,
      parameters: [["scope", idOf(segments, start)], ...match.parameters],
      scopeLength: start + match.scopeLength,
    }
  );
}

const idOf = (segments: readonly string[], length: number): string =>
  `/${segments.slice(0, length).join("/")}`;

const providersIndex = (segments: readonly string[]): number =>
  segments.findLastIndex((segment) => asciiLowerCase(segment) === "providers");

function unknownPath(segments: readonly string[]): Fault {
  const namespace = segments[providersIndex(segments) + 1];
  if (providersIndex(segments) < 0 || namespace === undefined) {
    return armFault("NotFound", "Resource Manager has nothing under this path.");
  }
  const prefix = `/providers/${asciiLowerCase(namespace)}/`;
  const isKnown = Object.values(armOperations).some(({ path }) => asciiLowerCase(path).includes(prefix));
  return isKnown
    ? armFault("InvalidResourceType", `The namespace '${namespace}' has no resource type under this path.`)
    : armFault("InvalidResourceNamespace", `The resource namespace '${namespace}' is not known here.`);
}

function plantOperations(): readonly [resources: Branch, extensions: Branch] {
  const roots = [newBranch(), newBranch()] as const;
  const rows = Object.entries(armOperations) as [ArmOperationId, ArmOperation][];
  for (const [id, { method, path }] of rows) {
    const extension = EXTENSION_OF_SCOPE.exec(path)?.[1];
    if (extension !== undefined) plant(roots[1], extension, method, id);
    else if (!BY_ID.test(path) && !EXTENSION_OF_RESOURCE.test(path))
      plant(roots[0], path.slice(1), method, id);
  }
  // Last, for they serve only where an extension has no row for any scope.
  for (const [id, { method, path }] of rows) {
    const extension = EXTENSION_OF_RESOURCE.exec(path)?.[1];
    if (extension !== undefined) plant(roots[1], extension, method, id);
  }
  return roots;
}

function plant(root: Branch, path: string, method: string, id: ArmOperationId): void {
  let branch = root;
  for (const segment of path.split("/")) {
    const name = /^\{(.*)\}$/.exec(segment)?.[1];
    if (name === undefined) {
      const next = branch.literals.get(asciiLowerCase(segment)) ?? newBranch();
      branch.literals.set(asciiLowerCase(segment), next);
      branch = next;
    } else {
      branch.parameter ??= { name, branch: newBranch() };
      branch = branch.parameter.branch;
    }
  }
  if (!branch.operations.has(method)) branch.operations.set(method, id);
}

function newBranch(): Branch {
  return { literals: new Map(), operations: new Map() };
}
