/**
 * The content types of files on nodes, by the last extension of the name. Source: the service's replies (`text/plain` for `stdout.txt`); its
 * Linux node agent is a Python program, so the rest is what that language's `mimetypes` knows of what tasks write.
 */

const OF_EXTENSION: Readonly<Record<string, string>> = {
  txt: "text/plain",
  bat: "text/plain",
  c: "text/plain",
  h: "text/plain",
  pl: "text/plain",
  csv: "text/csv",
  css: "text/css",
  htm: "text/html",
  html: "text/html",
  js: "text/javascript",
  py: "text/x-python",
  tsv: "text/tab-separated-values",
  xml: "text/xml",
  json: "application/json",
  pdf: "application/pdf",
  sh: "application/x-sh",
  tar: "application/x-tar",
  zip: "application/zip",
  bmp: "image/bmp",
  gif: "image/gif",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  svg: "image/svg+xml",
  mp4: "video/mp4",
};

export function fileContentType(name: string): string {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return (Object.hasOwn(OF_EXTENSION, extension) && OF_EXTENSION[extension]) || "application/octet-stream";
}
