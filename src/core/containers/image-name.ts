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
