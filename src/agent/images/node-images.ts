/** The images of one node's pool, under the names that the pool has for them. */
import { imageKey } from "../../core/containers/image-name.ts";
import { NodeFault } from "../node-fault.ts";
import type { StoredImage } from "./image-store.ts";

export class NodeImages {
  readonly #byKey: ReadonlyMap<string, StoredImage>;

  /**
   * @param names as the pool gives them
   * @throws NodeFault `ContainerInvalidImage` for one that has not been loaded
   */
  constructor(names: readonly string[], find: (name: string) => StoredImage | undefined) {
    this.#byKey = new Map(
      names.map((name) => {
        const image = find(name);
        if (!image)
          throw new NodeFault(
            "ContainerInvalidImage",
            `The image ${name} is not here; load it with: batchyard image load`,
          );
        return [imageKey(name), image] as const;
      }),
    );
  }

  get all(): StoredImage[] {
    return [...new Map([...this.#byKey.values()].map((image) => [image.id, image])).values()];
  }

  /** @throws NodeFault `ContainerInvalidImage` for an image that the pool has not named */
  named(name: string): StoredImage {
    const image = this.#byKey.get(imageKey(name));
    if (!image)
      throw new NodeFault("ContainerInvalidImage", `The pool's containerImageNames do not name ${name}.`);
    return image;
  }
}
