/** Paths below a folder that a user has named. Pure text: whoever opens one must still not follow links that lead out. */

/** A path longer than Linux takes anyway. */
const MAX_CHARACTERS = 4096;

/**
 * The names on the way to a file below a folder; undefined for a path that is absolute, leaves the folder, or names no file.
 * `.` and empty names are passed over.
 */
export function namesBelow(path: string): readonly string[] | undefined {
  if (path.startsWith("/") || path.includes("\0") || path.length > MAX_CHARACTERS) return undefined;
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  return names.length === 0 || names.includes("..") ? undefined : names;
}
