/** Whom `--user` means in an image: passwd(5) and group(5) of the image's own, which is not trusted. */
import { readSync } from "node:fs";
import { openBelow, throughHandle } from "../files/node-path.ts";
import { patientOpen } from "../files/patient-open.ts";
import { NodeFault } from "../node-fault.ts";

export interface ImageUser {
  readonly uid: number;
  readonly gid: number;
}

/** Of such a file; what lies beyond is not looked at. */
const MAX_BYTES = 2 ** 20;
const ID = /^\d{1,9}$/;

/**
 * @param root the image's folder
 * @param user `USER` or `USER:GROUP`, each a name or a number
 * @throws NodeFault `ContainerInvalidSettings` for a name that the image has not got
 */
export async function imageUser(root: string, user: string): Promise<ImageUser> {
  const [name = "", group] = user.split(":");
  const entry = (await lines(root, "etc/passwd")).find(([own, , id]) => own === name || id === name);
  const uid = numberOf(ID.test(name) ? name : entry?.[2], "user", name);
  // Without an entry, engines take root's group, which a task without elevation is not in.
  if (group === undefined) return { uid, gid: ID.test(entry?.[3] ?? "") ? Number(entry?.[3]) : uid };
  const found = ID.test(group) ? group : (await lines(root, "etc/group")).find(([own]) => own === group)?.[2];
  return { uid, gid: numberOf(found, "group", group) };
}

function numberOf(id: string | undefined, what: string, name: string): number {
  if (id === undefined || !ID.test(id))
    throw new NodeFault(
      "ContainerInvalidSettings",
      `--user: the image has no ${what} ${name.slice(0, 100)}.`,
    );
  return Number(id);
}

async function lines(root: string, path: string): Promise<string[][]> {
  const text = await readBelow(root, path, MAX_BYTES).catch(() => "");
  return text.split("\n").map((line) => line.split(":"));
}

/**
 * The beginning of a plain file.
 * @param mayRead by its owner and mode
 * @throws Error for what is none, and FileFault for what is not below the root
 */
export async function readBelow(
  root: string,
  path: string,
  maxBytes: number,
  mayRead: (stats: { readonly uid: number; readonly mode: number }) => boolean = () => true,
): Promise<string> {
  const handle = await openBelow(root, path);
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || !mayRead(stats)) throw new Error(`${path} is no file that the task may read`);
    const file = await patientOpen(throughHandle(handle), 0);
    try {
      const content = Buffer.alloc(Math.min(stats.size, maxBytes));
      return content.toString("utf8", 0, readSync(file.fd, content, 0, content.length, 0));
    } finally {
      await file.close();
    }
  } finally {
    await handle.close();
  }
}
