/** What mount(8) is told for a share. Pure; no secret is in it. Source: mount(8), nfs(5), mount.cifs(8). */
import { isIPv6 } from "node:net";
import type { ShareSource } from "./mount-source.ts";
import { type ShareKind, shareOptions } from "./share-options.ts";

export interface ShareMount {
  readonly kind: ShareKind;
  readonly share: ShareSource;
  /** Of the share's host. */
  readonly address: string;
  readonly target: string;
  /** The id of files and folders, where the server does not say it. */
  readonly owner: number;
  /** As the pool has them. */
  readonly options: string;
}

/** Before the pool's own, which may say otherwise. NFS comes back from a server that has gone for long with an error, and no task hangs for ever. */
const DEFAULTS: Readonly<Record<ShareKind, readonly string[]>> = {
  nfs: ["soft", "timeo=300"],
  cifs: ["soft", "dir_mode=0777", "file_mode=0777"],
};
/** After them. */
const ALWAYS = ["nosuid", "nodev"];

export function shareMountWords({ kind, share, address, target, owner, options }: ShareMount): string[] {
  const bracketed = isIPv6(address) ? `[${address}]` : address;
  const source = kind === "nfs" ? `${bracketed}:${share.path}` : `//${share.host}/${share.path}`;
  // Nobody is root there: CIFS has one user, and NFS shows its server's ids.
  const ours =
    kind === "nfs" ? [] : [`ip=${address}`, `uid=${owner}`, `gid=${owner}`, "forceuid", "forcegid"];
  const all = [...DEFAULTS[kind], ...shareOptions(kind, options), ...ours, ...ALWAYS];
  return ["-t", kind, "-o", all.join(","), "--", source, target];
}
