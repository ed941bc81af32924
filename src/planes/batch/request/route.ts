/** Finds the operation that a method and path name. The tables are generated; this only walks them. */
import { type BatchOperationId, batchOperations } from "../../../wire/batch/operations.gen.ts";

export interface Route {
  readonly id: BatchOperationId;
  readonly parameters: Readonly<Record<string, string>>;
}

/** `method` undefined: the path exists, but not with that method. */
export type RouteMatch = { readonly route: Route } | "unknownPath" | "unknownMethod";

interface Branch {
  readonly literals: Map<string, Branch>;
  parameter?: { readonly name: string; readonly branch: Branch };
  /** Takes all that is left, slashes included: a file's path. */
  rest?: { readonly name: string; readonly leaf: Leaf };
  readonly leaf: Leaf;
}

type Leaf = Map<string, BatchOperationId>;

const CERTIFICATE = /^certificates\(thumbprintAlgorithm=([^,()]*),thumbprint=([^,()]*)\)$/i;
const CERTIFICATE_SEGMENT = "certificates(thumbprintAlgorithm={thumbprintAlgorithm},thumbprint={thumbprint})";

const root: Branch = build();

/** @param segments decoded */
export function routeFind(method: string, segments: readonly string[]): RouteMatch {
  const parameters: Record<string, string> = {};
  let branch: Branch | undefined = root;
  let leaf: Leaf | undefined;
  for (const [index, segment] of segments.entries()) {
    if (branch.rest && index < segments.length) {
      parameters[branch.rest.name] = segments.slice(index).join("/");
      leaf = branch.rest.leaf;
      break;
    }
    const certificate = index === 0 ? CERTIFICATE.exec(segment) : null;
    const next: Branch | undefined = certificate
      ? branch.literals.get(CERTIFICATE_SEGMENT)
      : branch.literals.get(segment.toLowerCase());
    if (certificate) {
      parameters.thumbprintAlgorithm = certificate[1] ?? "";
      parameters.thumbprint = certificate[2] ?? "";
    }
    if (next) branch = next;
    else if (branch.parameter) {
      parameters[branch.parameter.name] = segment;
      branch = branch.parameter.branch;
    } else return "unknownPath";
  }
  leaf ??= branch.leaf;
  if (leaf.size === 0) return "unknownPath";
  const id = leaf.get(method);
  return id ? { route: { id, parameters } } : "unknownMethod";
}

function build(): Branch {
  const top = newBranch();
  for (const operation of Object.values(batchOperations)) {
    let branch = top;
    let leaf = branch.leaf;
    for (const segment of operation.path.slice(1).split("/")) {
      const name = /^\{(.*)\}$/.exec(segment)?.[1];
      if (name === "filePath") {
        branch.rest ??= { name, leaf: new Map() };
        leaf = branch.rest.leaf;
        break;
      }
      if (name === undefined) {
        const key = segment.startsWith("certificates(") ? CERTIFICATE_SEGMENT : segment.toLowerCase();
        const next = branch.literals.get(key) ?? newBranch();
        branch.literals.set(key, next);
        branch = next;
      } else {
        branch.parameter ??= { name, branch: newBranch() };
        branch = branch.parameter.branch;
      }
      leaf = branch.leaf;
    }
    leaf.set(operation.method, operation.id as BatchOperationId);
  }
  return top;
}

function newBranch(): Branch {
  return { literals: new Map(), leaf: new Map() };
}
