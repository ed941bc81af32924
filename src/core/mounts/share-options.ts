/**
 * What of a pool's `mountOptions` is given to mount(8) for shares of NFS and CIFS: an allow-list, for the machine's root mounts them. Whoever the
 * files belong to on the node, and what they can do to it, is not the options' to say. Pure. Source: nfs(5), mount.cifs(8).
 */
import { MountOptionsProblem } from "./mount-options-problem.ts";

export type ShareKind = "nfs" | "cifs";

/** Characters. Ours. */
export const MOUNT_OPTIONS_MAX_CHARACTERS = 1_024;

const BOTH =
  "ro rw sync async noatime nodiratime relatime nosuid nodev noexec nofail defaults hard soft rsize wsize actimeo vers ver";
const OPTIONS: Readonly<Record<ShareKind, ReadonlySet<string>>> = {
  nfs: new Set(
    `${BOTH} nfsvers minorversion proto tcp udp port timeo retrans retry lock nolock intr nointr resvport noresvport acregmin acregmax acdirmin acdirmax ac noac cto nocto lookupcache nconnect`.split(
      " ",
    ),
  ),
  cifs: new Set(
    `${BOTH} dir_mode file_mode serverino noserverino domain dom workgroup sec seal cache mfsymlinks nobrl nosharesock iocharset nocase handletimeout echo_interval acregmax acdirmax`.split(
      " ",
    ),
  ),
};
/** They say what is so anyway, and mount(8)'s helpers do not all know them. */
const DONE_ANYWAY: ReadonlySet<string> = new Set(["rw", "nosuid", "nodev", "nofail", "defaults"]);

/** With and without `-o`, by commas or blanks. @returns in the order given. @throws MountOptionsProblem naming the option */
export function shareOptions(kind: ShareKind, text: string): string[] {
  const said = text.split(/[\s,]+/).filter((word) => word !== "" && word !== "-o");
  return said.flatMap((word) => {
    const [name = "", value] = word.replace(/^-o/, "").split("=", 2);
    if (!OPTIONS[kind].has(name))
      throw new MountOptionsProblem(`the option ${name.slice(0, 64)} is not known for ${kind.toUpperCase()}`);
    if (value !== undefined && !/^[\w.:@-]{1,64}$/.test(value))
      throw new MountOptionsProblem(`the option ${name} has no such value`);
    if (DONE_ANYWAY.has(name)) return [];
    const known = name === "ver" ? "vers" : name;
    return [value === undefined ? known : `${known}=${value}`];
  });
}
