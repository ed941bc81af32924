/** The keys and passwords of pools' mounts: sealed before anything is stored, and opened for the agent that is to use them. */
import { cifsSource, containerOf, fileShareSource } from "../../core/mounts/mount-source.ts";
import { mountsIn, type StoredMount } from "../../core/mounts/stored-mounts.ts";
import type { MountSpec } from "../../wire/agent/messages.ts";
import type { MountConfiguration } from "../../wire/batch/models-types.gen.ts";
import type { Sealing } from "./sealing.ts";

type Values = Record<string, unknown>;

/** By the property that is written, the one that is stored. */
const SECRETS = [
  ["accountKey", "sealedAccountKey"],
  ["sasKey", "sealedSasKey"],
  ["password", "sealedPassword"],
] as const;

/** Puts the sealed secret in the place of each. @param body checked against its model already */
export function sealMountSecrets(sealing: Sealing, body: unknown): void {
  for (const mount of mountsIn(body)) {
    for (const configuration of Object.values(mount) as Values[]) {
      for (const [written, stored] of SECRETS) {
        const secret = configuration[written];
        if (typeof secret !== "string") continue;
        delete configuration[written];
        configuration[stored] = sealing.seal(Buffer.from(secret), purpose(configuration, written));
      }
    }
  }
}

/** @param mount as it has been stored */
export function mountSpec(sealing: Sealing, mount: MountConfiguration): MountSpec {
  const stored = mount as StoredMount;
  const blob = stored.azureBlobFileSystemConfiguration;
  const share = stored.azureFileShareConfiguration;
  const cifs = stored.cifsMountConfiguration;
  const nfs = stored.nfsMountConfiguration;
  const open = (configuration: object, written: string, sealed: string | undefined): string =>
    sealed === undefined ? "" : sealing.unseal(sealed, purpose(configuration as Values, written)).toString();
  if (blob) {
    const { accountName, containerName, blobfuseOptions = "", sealedAccountKey, sealedSasKey } = blob;
    const identity = blob.identityReference?.resourceId;
    return {
      kind: "blobfuse",
      path: blob.relativeMountPath,
      account: accountName.toLowerCase(),
      source: containerOf(accountName, containerName) ?? containerName,
      options: blobfuseOptions,
      ...(sealedAccountKey !== undefined && { key: open(blob, "accountKey", sealedAccountKey) }),
      ...(sealedSasKey !== undefined && { sas: open(blob, "sasKey", sealedSasKey) }),
      ...(identity !== undefined && { identity }),
    };
  }
  if (nfs)
    return { kind: "nfs", path: nfs.relativeMountPath, source: nfs.source, options: nfs.mountOptions ?? "" };
  if (share) {
    const { host, path } = fileShareSource(share.azureFileUrl) ?? { host: "", path: "" };
    return {
      kind: "fshare",
      path: share.relativeMountPath,
      source: `//${host}/${path}`,
      options: share.mountOptions ?? "",
      account: share.accountName,
      key: open(share, "accountKey", share.sealedAccountKey),
    };
  }
  const { host, path } = cifsSource(cifs?.source ?? "") ?? { host: "", path: "" };
  return {
    kind: "cifs",
    path: cifs?.relativeMountPath ?? "",
    source: `//${host}/${path}`,
    options: cifs?.mountOptions ?? "",
    account: cifs?.username ?? "",
    key: open(cifs ?? {}, "password", cifs?.sealedPassword),
  };
}

/** No secret opens for another account, or for another server. */
function purpose({ accountName, username, source, azureFileUrl }: Values, written: string): string {
  return `mount/${written}/${String(accountName ?? username)}/${String(source ?? azureFileUrl ?? "")}`;
}
