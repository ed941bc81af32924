/** When a disk counts as full: "if the temporary disk runs out of space (or is very close)". Azure Batch, "Pool and node errors". */

/** Of statvfs(3). */
export interface DiskRoom {
  readonly bsize: number;
  readonly blocks: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

/** Ours: what is left then, a task's streams fill in a moment. */
const SHARE_LEFT = 0.01;
const LEFT_MAX_BYTES = 64 * 2 ** 20;

/** Of what there is too little; undefined where it is not full. File systems that count no files have any number of them. */
export function diskFullness({ bsize, blocks, bavail, files, ffree }: DiskRoom): string | undefined {
  const left = bavail * bsize;
  if (left < Math.min(blocks * bsize * SHARE_LEFT, LEFT_MAX_BYTES))
    return `${left} bytes are left of ${blocks * bsize}`;
  if (files > 0 && ffree === 0) return `it has its ${files} files`;
  return undefined;
}

/** How many of a disk's files go with so many of its bytes; any number where it counts none. */
export function filesFor(bytes: number, { bsize, blocks, files }: DiskRoom): number {
  return files > 0 ? Math.floor((bytes / (blocks * bsize)) * files) : Number.POSITIVE_INFINITY;
}

/** What a machine keeps when images come, in bytes and in files; of a small file system's files a share. Ours. */
const [IMAGES_LEAVE_BYTES, IMAGES_LEAVE_FILES, IMAGES_LEAVE_FILES_SHARE] = [512 * 2 ** 20, 50_000, 1 / 20];

/** What images may still take of it, in bytes; none where it has too few files left, and less than none below what it keeps. */
export function roomForImages({ bsize, bavail, files, ffree }: DiskRoom): number {
  const leaves = Math.min(IMAGES_LEAVE_FILES, files * IMAGES_LEAVE_FILES_SHARE);
  if (files > 0 && ffree < leaves) return Number.NEGATIVE_INFINITY;
  return bavail * bsize - IMAGES_LEAVE_BYTES;
}
