/** What tests of mounted file systems have in common: whether there can be some here, and what a pool of management names. */
import { execFileSync } from "node:child_process";
import { STORAGE_ACCOUNT } from "../../wire/blob/storage.fixture.ts";
import { namespaceObstacle } from "./namespace-nodes.ts";

function obstacle(): string | undefined {
  if (process.geteuid?.() !== 0) return "only root mounts file systems";
  if (namespaceObstacle !== undefined) return namespaceObstacle;
  try {
    execFileSync("/bin/sh", ["-c", "command -v rclone && command -v fusermount3 && test -c /dev/fuse"]);
    return undefined;
  } catch {
    return "rclone, fuse3 or /dev/fuse is missing";
  }
}

export const mountsObstacle = obstacle();
if (mountsObstacle !== undefined) console.warn(`SKIPPED: mounts of blob containers (${mountsObstacle})`);

/** @param credential key, signature or identity */
export const blobMount = (containerName: string, relativeMountPath: string, credential: object) => ({
  azureBlobFileSystemConfiguration: {
    accountName: STORAGE_ACCOUNT,
    containerName,
    relativeMountPath,
    ...credential,
  },
});
