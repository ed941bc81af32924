/** Names of container images, as tasks and archives give them. Pure. Source: Docker, "Image references"; OCI Image Layout, annotations. */

const DEFAULT_TAG = "latest";
const LIBRARY = "library/";

/**
 * What an image is known by, whichever registry it is said to come from: `docker.io/library/python` and `python:latest` are one image. An
 * image that has been loaded answers for every registry, for where it has been loaded there is none.
 */
export function imageKey(name: string): string {
  const segments = name.trim().split("/");
  const [first = ""] = segments;
  const hasRegistry = segments.length > 1 && (/[.:]/.test(first) || first === "localhost");
  const path = (hasRegistry ? segments.slice(1) : segments).join("/");
  const plain = path.startsWith(LIBRARY) ? path.slice(LIBRARY.length) : path;
  const isTagged = plain.includes("@") || plain.lastIndexOf(":") > plain.lastIndexOf("/");
  return isTagged ? plain : `${plain}:${DEFAULT_TAG}`;
}

/** Where an image is to be had. */
export interface ImageReference {
  /** With a port where it has one. */
  readonly registry: string;
  readonly repository: string;
  /** `:TAG` or `@sha256:HEX`. */
  readonly version: string;
}

export const DOCKER_HUB = "docker.io";
const NAME_MAX_CHARACTERS = 512;
const REGISTRY = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i;
const COMPONENT = /^[a-z0-9]+([._-]+[a-z0-9]+)*$/;
const VERSION = /^(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/;

/** Undefined for what is no reference. Without a registry it is Docker Hub's. */
export function imageReference(name: string): ImageReference | undefined {
  if (name.length > NAME_MAX_CHARACTERS) return undefined;
  const at = name.indexOf("@");
  const tagged = at < 0 ? name : name.slice(0, at);
  const colon = tagged.lastIndexOf(":");
  const hasTag = colon > tagged.lastIndexOf("/");
  const digest = at < 0 ? undefined : name.slice(at);
  const version = digest ?? (hasTag ? tagged.slice(colon) : `:${DEFAULT_TAG}`);
  const segments = (hasTag ? tagged.slice(0, colon) : tagged).split("/");
  const [first = ""] = segments;
  const hasRegistry = segments.length > 1 && (/[.:]/.test(first) || first === "localhost");
  const registry = hasRegistry ? first.toLowerCase() : DOCKER_HUB;
  const path = hasRegistry ? segments.slice(1) : segments;
  if (registry === DOCKER_HUB && path.length === 1) path.unshift("library");
  if (!REGISTRY.test(registry) || !path.every((part) => COMPONENT.test(part)) || !VERSION.test(version))
    return undefined;
  return { registry, repository: path.join("/"), version };
}

/** Whether the registry is on the very machine that asks: Docker takes those without TLS. */
export function isLoopback(registry: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3})(:\d+)?$/i.test(registry);
}

/** The one of several that a reference belongs to. @param server as pools and tasks give them: with a scheme or a path, or without */
export function accessTo<Access extends { readonly server: string }>(
  { registry }: ImageReference,
  given: readonly Access[],
): Access | undefined {
  return given.find(({ server }) => {
    const host = server
      .replace(/^https?:\/\//i, "")
      .split("/", 1)
      .join()
      .toLowerCase();
    return (host === "index.docker.io" || host === "" ? DOCKER_HUB : host) === registry;
  });
}
