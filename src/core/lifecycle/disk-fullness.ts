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
