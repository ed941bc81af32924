/**
 * The images of one node's pool, and what a run in a container made from one of them is like: what it runs, where and with which
 * environment. Azure Batch, "Run container applications on Azure Batch"; Docker, "docker container run".
 */
import type { RunSpec } from "../../wire/agent/messages.ts";
import type { InitContainer } from "../init-frames.ts";
import { NodeFault } from "../node-fault.ts";
import { imageKey } from "./image-name.ts";
import type { StoredImage } from "./image-store.ts";

export interface ContainerStart {
  readonly container: InitContainer;
  readonly argv: readonly [program: string, ...rest: string[]];
  readonly environment: ReadonlyMap<string, string>;
}

/** Of a node that its containers' own programs take the place of. */
const NOT_THE_NODES = ["PATH", "LANG", "TZ"];
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

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

  /**
   * @param words of the run's command line; none for the image's own
   * @param environment of a run on the node itself
   * @throws NodeFault `ContainerInvalidImage` for an image that the pool has not named, `CommandProgramNotFound` for one that runs nothing
   */
  start(
    { container, environment: own }: Pick<RunSpec, "container" | "environment">,
    words: readonly string[],
    environment: ReadonlyMap<string, string>,
    place: { readonly shown: readonly string[]; readonly imagePath: (image: StoredImage) => string },
  ): ContainerStart {
    const { image: name = "", isWorkingFolderOfImage = false } = container ?? {};
    const image = this.#byKey.get(imageKey(name));
    if (!image)
      throw new NodeFault("ContainerInvalidImage", `The pool's containerImageNames do not name ${name}.`);
    const [program, ...rest] = [...image.entrypoint, ...(words.length > 0 ? words : image.command)];
    if (program === undefined)
      throw new NodeFault(
        "CommandProgramNotFound",
        "Neither the command line nor the image names a program.",
      );
    const asked = new Set(own.map(([variable]) => variable));
    const nodes = [...environment].filter(
      ([variable]) => asked.has(variable) || !NOT_THE_NODES.includes(variable),
    );
    return {
      container: {
        image: place.imagePath(image),
        shown: place.shown,
        workingFolder: isWorkingFolderOfImage ? image.workingFolder : "",
      },
      argv: [program, ...rest],
      environment: new Map([["PATH", DEFAULT_PATH], ...image.environment, ...nodes]),
    };
  }
}
