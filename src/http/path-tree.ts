/**
 * A tree of path templates, and the walk that finds which of them a path names. Where a literal and a parameter would both do, the
 * literal is tried first. It knows no plane: what a leaf means is for whoever planted it.
 */

export interface PathMatch<Id> {
  /** What was planted at this path, by HTTP method. */
  readonly operations: ReadonlyMap<string, Id>;
  /** In the path's order. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Segments up to and with the last parameter: what follows it is a collection or an action. */
  readonly lastParameter: number;
}

interface Branch<Id> {
  readonly literals: Map<string, Branch<Id>>;
  parameter?: { readonly name: string; readonly branch: Branch<Id> };
  /** Takes all that is left, slashes included: a file's path. */
  rest?: { readonly name: string; readonly branch: Branch<Id> };
  readonly operations: Map<string, Id>;
}

export class PathTree<Id> {
  readonly #root = newBranch<Id>();
  readonly #fold: (segment: string) => string;

  /** @param fold makes literals that compare equal the same text */
  constructor(fold: (segment: string) => string) {
    this.#fold = fold;
  }

  /**
   * The first to be planted at a path and method stays.
   * @param path segments without a leading slash; `{name}` is a parameter, `{name*}` takes all that is left
   */
  plant(path: string, method: string, id: Id): void {
    let branch = this.#root;
    for (const segment of path.split("/")) branch = this.#grow(branch, segment);
    if (!branch.operations.has(method)) branch.operations.set(method, id);
  }

  /** @param segments decoded */
  find(segments: readonly string[]): PathMatch<Id> | undefined {
    const parameters: (readonly [name: string, value: string, depth: number])[] = [];
    const walk = (branch: Branch<Id>, depth: number): Branch<Id> | undefined => {
      const segment = segments[depth];
      if (segment === undefined) return branch.operations.size === 0 ? undefined : branch;
      const literal = branch.literals.get(this.#fold(segment));
      const found = literal && walk(literal, depth + 1);
      if (found) return found;
      if (branch.parameter) {
        parameters.push([branch.parameter.name, segment, depth]);
        const below = walk(branch.parameter.branch, depth + 1);
        if (below) return below;
        parameters.pop();
      }
      if (branch.rest) parameters.push([branch.rest.name, segments.slice(depth).join("/"), segments.length]);
      return branch.rest?.branch;
    };
    const leaf = walk(this.#root, 0);
    if (!leaf) return undefined;
    return {
      operations: leaf.operations,
      parameters: parameters.map(([name, value]) => [name, value]),
      lastParameter: (parameters.at(-1)?.[2] ?? -1) + 1,
    };
  }

  #grow(branch: Branch<Id>, segment: string): Branch<Id> {
    const [, name, isRest] = /^\{([^}*]*)(\*?)\}$/.exec(segment) ?? [];
    if (name === undefined) {
      const key = this.#fold(segment);
      const next = branch.literals.get(key) ?? newBranch<Id>();
      branch.literals.set(key, next);
      return next;
    }
    if (isRest) {
      branch.rest ??= { name, branch: newBranch() };
      return branch.rest.branch;
    }
    branch.parameter ??= { name, branch: newBranch() };
    return branch.parameter.branch;
  }
}

function newBranch<Id>(): Branch<Id> {
  return { literals: new Map(), operations: new Map() };
}
