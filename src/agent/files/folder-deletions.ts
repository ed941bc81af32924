/**
 * Which folders of nodes are being deleted: a run whose own lies in one is not to begin before it has gone, or it would lose what it
 * makes. Orders come in the service's order, so that what is deleted first is known here before what is run next.
 */

export class FolderDeletions {
  readonly #going = new Map<string, Map<Promise<unknown>, string>>();

  /** @param path below the node's root. @param work settles when it has gone, or stays */
  add(nodeKey: string, path: string, work: Promise<unknown>): void {
    const ofNode = this.#going.get(nodeKey) ?? new Map<Promise<unknown>, string>();
    this.#going.set(nodeKey, ofNode);
    const done: Promise<void> = work.then(
      () => this.#forget(nodeKey, done),
      () => this.#forget(nodeKey, done),
    );
    ofNode.set(done, plain(path));
  }

  /** @returns resolves once the folder and those above it have gone as far as they do; undefined where none goes */
  above(nodeKey: string, folder: string): Promise<void> | undefined {
    const wanted = `${plain(folder)}/`;
    const going = [...(this.#going.get(nodeKey) ?? [])].filter(([, path]) => wanted.startsWith(`${path}/`));
    return going.length === 0 ? undefined : Promise.all(going.map(([done]) => done)).then(() => {});
  }

  #forget(nodeKey: string, done: Promise<void>): void {
    const ofNode = this.#going.get(nodeKey);
    ofNode?.delete(done);
    if (ofNode?.size === 0) this.#going.delete(nodeKey);
  }
}

/** Without what makes no difference to where it leads. */
const plain = (path: string): string =>
  path
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".")
    .join("/");
