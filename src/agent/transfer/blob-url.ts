/** The URL of a blob in a container: what follows the container's path stays, a shared access signature above all. */
export function blobUrl(container: URL, name: string): URL {
  const url = new URL(container);
  const path = name.split("/").map(encodeURIComponent).join("/");
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${path}`;
  return url;
}
