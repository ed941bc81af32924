/** Deletes a file or folder below a node's root. A symbolic link is deleted, never what it leads to. */
import { type FileHandle, readdir, rmdir, unlink } from "node:fs/promises";
import { FileFault } from "./file-fault.ts";
import { entryPath, openBelow, openFolderIn, throughHandle } from "./node-path.ts";

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
    await removeEntry(folder, Buffer.from(name), recursive);
  } finally {
    await folder.close();
  }
}

async function removeEntry(folder: FileHandle, name: Buffer, recursive: boolean): Promise<void> {
  const path = entryPath(folder, name);
  const isFolder = await unlink(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EISDIR") return true;
      throw error;
    },
  );
  if (!isFolder) return;
  if (recursive) {
    const inner = await openFolderIn(folder, name);
    try {
      for (const entry of await readdir(throughHandle(inner), { encoding: "buffer" }))
        await removeEntry(inner, entry, true);
    } finally {
      await inner.close();
    }
  }
  await rmdir(path);
}
