/**
 * A share of NFS or CIFS, mounted with mount(8): the kernel's work from then on. The address that was judged is the one that is mounted, whatever
 * the name means later.
 */
import { mkdirSync } from "node:fs";
import { isIP, isIPv4 } from "node:net";
import { cifsSource, nfsSource } from "../../core/mounts/mount-source.ts";
import { type ShareMount, shareMountWords } from "../../core/mounts/share-words.ts";
import { mayConnectTo } from "../../core/transfer/address-rules.ts";
import type { MountSpec } from "../../wire/agent/messages.ts";
import { addressesOf, ownAddresses } from "../transfer/outbound-request.ts";
import type { MountLog } from "./mount-log.ts";
import { ended, programPath, unmount } from "./mount-program.ts";

/** By kind: the program that mount(8) starts, and the package of Debian's that has it. */
const PROGRAMS = { nfs: ["mount.nfs", "nfs-common"], cifs: ["mount.cifs", "cifs-utils"] } as const;

/**
 * @param target an empty folder of the agent's; made when missing
 * @param owner whose the files are to be, outside, where the kind can say it
 * @throws Error saying why it cannot be mounted
 */
export async function mountShare(
  mount: MountSpec,
  target: string,
  owner: number,
  log: MountLog,
  signal: AbortSignal,
): Promise<{ readonly close: () => Promise<void> }> {
  const kind = mount.kind === "nfs" ? "nfs" : "cifs";
  const [program, name] = PROGRAMS[kind];
  const share = kind === "nfs" ? nfsSource(mount.source) : cifsSource(mount.source);
  if (!share) throw new Error(`${mount.source} names no share`);
  if (programPath(program) === undefined)
    throw new Error(`${program} of the package ${name} is not installed`);
  const address = await addressOf(share.host.replace(/^\[|\]$/g, ""));
  const words: ShareMount = { kind, share, address, target, owner, options: mount.options };
  const variables = kind === "nfs" ? {} : { USER: mount.account ?? "", PASSWD: mount.key ?? "" };
  mkdirSync(target, { recursive: true });
  log.line(`mount ${shareMountWords(words).join(" ")}`);
  try {
    await ended("mount", shareMountWords(words), variables, signal);
  } catch (error) {
    await unmount(target);
    signal.throwIfAborted();
    for (const line of (error as Error).message.split("\n")) log.line(line);
    const isUnknown = /unknown filesystem type|No such device|not supported/i.test((error as Error).message);
    throw new Error(isUnknown ? `${log.last} (this machine's kernel has no ${kind})` : log.last);
  }
  return { close: () => unmount(target) };
}

/** @throws Error for one that no node reaches */
async function addressOf(host: string): Promise<string> {
  const addresses = isIP(host) ? [host] : await addressesOf(host);
  const address = addresses.find(isIPv4) ?? addresses[0];
  if (address === undefined) throw new Error(`${host} has no address`);
  if (!mayConnectTo(address, ownAddresses()))
    throw new Error(
      `${host} is at an address from which nothing is mounted: this machine's own, or one of a kind that no share has`,
    );
  return address;
}
