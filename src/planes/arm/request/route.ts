/**
 * Finds the operation that a method and path name, and the scope at which it is decided. ARM ids compare without case, and an
 * extension resource (a role assignment, say) is addressed below the id of any other resource.
 */
import { asciiLowerCase } from "../../../core/access/ascii-lower-case.ts";
import type { Fault } from "../../../core/fault.ts";
import { type PathMatch, PathTree } from "../../../http/path-tree.ts";
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

type Match = PathMatch<ArmOperationId>;

const EXTENSION_OF_SCOPE = /^\/\{scope\}\/(providers\/.*)$/;
const EXTENSION_OF_RESOURCE = /\/\{resourceName\}\/(providers\/.*)$/;
/** An id as one parameter: the same requests as those of the row that spells the id out, so the row is left out. */
const BY_ID = /^\/\{[^}]*\}$/;

const [resources, extensions] = plantOperations();

/**
 * The path's segments as `routeFind` takes them. Clients join addresses with a slash too many; and azure-mgmt-resource sends the scope of a
 * lock as one segment, its slashes encoded (`ManagementLocks_…ByScope`, of which Ansible's `azure_rm_lock` is made).
 * @param sent decoded
 */
export function idSegments(sent: readonly string[]): readonly string[] {
  const [scope = "", ...rest] = sent.filter((segment) => segment !== "");
  return [...scope.split("/").filter((segment) => segment !== ""), ...rest];
}

/**
 * @param segments of the path, decoded
 * @throws Fault InvalidUri, InvalidResourceNamespace, InvalidResourceType, NotFound, MethodNotAllowed
 */
export function routeFind(method: string, segments: readonly string[]): Route {
  segments.forEach(checkSegment);
  const match = resources.find(segments) ?? findExtension(segments);
  if (match === undefined) throw unknownPath(segments);
  const id = match.operations.get(method);
  if (id === undefined) throw armFault("MethodNotAllowed", `This resource does not take ${method}.`);
  return { id, parameters: Object.fromEntries(match.parameters), scope: idOf(segments, match.lastParameter) };
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

function findExtension(segments: readonly string[]): Match | undefined {
  const start = providersIndex(segments);
  const match = start < 0 ? undefined : extensions.find(segments.slice(start));
  return (
    match && {
      ...match,
      parameters: [["scope", idOf(segments, start)], ...match.parameters],
      lastParameter: start + match.lastParameter,
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

function plantOperations(): readonly [
  resources: PathTree<ArmOperationId>,
  extensions: PathTree<ArmOperationId>,
] {
  const trees = [
    new PathTree<ArmOperationId>(asciiLowerCase),
    new PathTree<ArmOperationId>(asciiLowerCase),
  ] as const;
  const rows = Object.entries(armOperations) as [ArmOperationId, ArmOperation][];
  for (const [id, { method, path }] of rows) {
    const extension = EXTENSION_OF_SCOPE.exec(path)?.[1];
    if (extension !== undefined) trees[1].plant(extension, method, id);
    else if (!BY_ID.test(path) && !EXTENSION_OF_RESOURCE.test(path))
      trees[0].plant(path.slice(1), method, id);
  }
  // Last, for they serve only where an extension has no row for any scope.
  for (const [id, { method, path }] of rows) {
    const extension = EXTENSION_OF_RESOURCE.exec(path)?.[1];
    if (extension !== undefined) trees[1].plant(extension, method, id);
  }
  return trees;
}
