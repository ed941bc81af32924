/** Deletes a file or folder below a node's root. A symbolic link is deleted, never what it leads to. */
import { lstat, rmdir, unlink } from "node:fs/promises";
import { FileFault } from "./file-fault.ts";
import { entryPath, openBelow } from "./node-path.ts";
import { removeEntry } from "./remove-tree.ts";

/** @throws FileFault `OperationInvalidForCurrentState` for the root, and for a folder with content unless `recursive` */
export async function deleteFile(root: string, path: string, recursive: boolean): Promise<void> {
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  const name = segments.pop();
  if (name === undefined)
    throw new FileFault("OperationInvalidForCurrentState", "The node's root cannot be deleted.");
  if (name === ".." || path.startsWith("/") || path.includes("\0"))
    throw new FileFault("FileNotFound", "The specified file does not exist.");
  const folder = await openBelow(root, segments.join("/"));
  try {
    if (recursive) {
      await lstat(entryPath(folder, Buffer.from(name))); // what is not there is the caller's to hear of
      await removeEntry(folder, Buffer.from(name));
    } else
      await unlink(entryPath(folder, Buffer.from(name))).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EISDIR") throw error;
        return rmdir(entryPath(folder, Buffer.from(name)));
      });
  } finally {
    await folder.close();
  }
}
