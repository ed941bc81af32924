/**
 * The images of one node: those that its pool names are there before it is idle, others come when a task asks for them. Each is either
 * loaded on this machine, which is for everybody, or its registry gives it to this very pool or task.
 */
import { accessTo, imageKey, imageReference } from "../../core/containers/image-name.ts";
import type { ContainerSpec, NodeSpec, RegistryAccess } from "../../wire/agent/messages.ts";
import { NodeFault } from "../node-fault.ts";
import type { ImagePulls, Puller } from "./image-pulls.ts";
import type { ImageStore, StoredImage } from "./image-store.ts";

export interface NodeImage {
  readonly image: StoredImage;
  /** The image's path as the node sees it. */
  readonly path: string;
}

/** As whom the node asks, but for the registry. */
export type NodePuller = Omit<Puller, "access">;

/** The path at which a node sees an image that it has had from its start. */
export function imagePath({ id }: StoredImage): string {
  return `/.images/${id}`;
}

/** The folder in which a node sees images that it is lent while it runs. */
export const LENT_FOLDER = "/.images-lent";

export class NodeImages {
  readonly #spec: NodeSpec;
  readonly #store: ImageStore;
  readonly #pulls: ImagePulls;
  readonly #puller: NodePuller;
  readonly #byKey = new Map<string, Promise<NodeImage>>();
  readonly #first: StoredImage[] = [];

  private constructor(spec: NodeSpec, store: ImageStore, pulls: ImagePulls, puller: NodePuller) {
    this.#spec = spec;
    this.#store = store;
    this.#pulls = pulls;
    this.#puller = puller;
  }

  /** @throws NodeFault `ContainerInvalidImage`, `DiskFull` for one of the pool's that cannot be had; the signal's reason */
  static async open(
    spec: NodeSpec,
    store: ImageStore,
    pulls: ImagePulls,
    puller: NodePuller,
    signal: AbortSignal,
  ): Promise<NodeImages> {
    const images = new NodeImages(spec, store, pulls, puller);
    store.release(spec.nodeKey);
    for (const name of new Set(spec.containerImages ?? [])) {
      const image = await orAborted(images.#have(name, undefined), signal);
      images.#first.push(image);
      images.#byKey.set(keyOf(name), Promise.resolve({ image, path: imagePath(image) }));
    }
    return images;
  }

  /** What its view has to show from the start. */
  get all(): StoredImage[] {
    return [...new Map(this.#first.map((image) => [image.id, image])).values()];
  }

  /** @throws NodeFault `ContainerPoolNotSupported` (so Microsoft's live tests of .NET have it) on a node without containers, and as `open` */
  named({ image: name, registry }: ContainerSpec, signal: AbortSignal): Promise<NodeImage> {
    if (!this.#spec.containerImages)
      throw new NodeFault("ContainerPoolNotSupported", "The pool has no containerConfiguration.");
    const key = keyOf(name);
    const known = this.#byKey.get(key);
    if (known) return orAborted(known, signal);
    const coming = this.#lend(name, registry);
    this.#byKey.set(key, coming);
    // The next task may ask with another registry.
    coming.catch(() => this.#byKey.delete(key));
    return orAborted(coming, signal);
  }

  async #lend(name: string, registry: RegistryAccess | undefined): Promise<NodeImage> {
    const image = await this.#have(name, registry);
    const first = this.#first.find(({ id }) => id === image.id);
    if (first) return { image, path: imagePath(image) };
    await this.#store.lend(image, this.#spec.nodeKey);
    return { image, path: `${LENT_FOLDER}/${image.id}` };
  }

  /** The image stays as long as the node does. */
  async #have(name: string, registry: RegistryAccess | undefined): Promise<StoredImage> {
    for (;;) {
      const image = await this.#find(name, registry);
      if (this.#store.claim(image, this.#spec.nodeKey)) return image;
    }
  }

  async #find(name: string, registry: RegistryAccess | undefined): Promise<StoredImage> {
    const loaded = this.#store.find(name);
    if (loaded) return loaded;
    const reference = imageReference(name);
    if (!reference)
      throw new NodeFault("ContainerInvalidImage", `${name.slice(0, 256)} is no name of an image.`);
    const registries = [...(registry ? [registry] : []), ...(this.#spec.containerRegistries ?? [])];
    return this.#pulls.pull(name, reference, { ...this.#puller, access: accessTo(reference, registries) });
  }
}

/** What has been loaded answers under every registry; what is pulled is of its own. */
function keyOf(name: string): string {
  const reference = imageReference(name);
  return reference ? `${reference.registry}/${reference.repository}${reference.version}` : imageKey(name);
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason);
    signal.addEventListener("abort", give, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", give));
  });
}
