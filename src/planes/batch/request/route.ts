/** Finds the operation that a method and path name. The tables are generated; this only plants them. */
import { PathTree } from "../../../http/path-tree.ts";
import { type BatchOperationId, batchOperations } from "../../../wire/batch/operations.gen.ts";

export interface Route {
  readonly id: BatchOperationId;
  readonly parameters: Readonly<Record<string, string>>;
}

/** `unknownMethod`: the path exists, but not with that method. */
export type RouteMatch = { readonly route: Route } | "unknownPath" | "unknownMethod";

/** OData's way to name a certificate: one segment with two keys, which stand here as three. */
const CERTIFICATE = /^certificates\(thumbprintAlgorithm=([^,()]*),thumbprint=([^,()]*)\)$/i;
const CERTIFICATE_TEMPLATE =
  "certificates(thumbprintAlgorithm={thumbprintAlgorithm},thumbprint={thumbprint})";
const CERTIFICATE_LITERAL = "certificates()";

const operations = plantOperations();

/** @param segments decoded */
export function routeFind(method: string, segments: readonly string[]): RouteMatch {
  const match = operations.find(keySegments(segments));
  if (!match) return "unknownPath";
  const id = match.operations.get(method);
  return id ? { route: { id, parameters: Object.fromEntries(match.parameters) } } : "unknownMethod";
}

function keySegments(segments: readonly string[]): readonly string[] {
  const [, algorithm, thumbprint] = CERTIFICATE.exec(segments[0] ?? "") ?? [];
  if (algorithm === undefined || thumbprint === undefined) return segments;
  return [CERTIFICATE_LITERAL, algorithm, thumbprint, ...segments.slice(1)];
}

function plantOperations(): PathTree<BatchOperationId> {
  const tree = new PathTree<BatchOperationId>((segment) => segment.toLowerCase());
  for (const { path, method, id } of Object.values(batchOperations)) {
    const template = path
      .slice(1)
      .replace(CERTIFICATE_TEMPLATE, `${CERTIFICATE_LITERAL}/{thumbprintAlgorithm}/{thumbprint}`)
      .replace("{filePath}", "{filePath*}");
    tree.plant(template, method, id);
  }
  return tree;
}
