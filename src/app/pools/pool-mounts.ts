/** Whether the file systems that a pool is to mount can be had here at all: a pool that could never have a node is told so at once. */
import { Fault } from "../../core/fault.ts";
import { FILE_SUFFIX, fileShareSource } from "../../core/mounts/mount-source.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { storageAccountByName } from "../../store/storage-accounts.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { Records } from "../records.ts";

/** Inside the caller's transaction; there are ten at most. @throws Fault InvalidPropertyValue */
export async function checkMounts(
  { mountObstacle }: Records,
  c: Connection,
  { mountConfiguration = [] }: Pick<PoolAddParameter, "mountConfiguration">,
): Promise<void> {
  if (mountConfiguration.length === 0) return;
  if (mountObstacle !== undefined)
    throw invalid("mountConfiguration", `Nothing is mounted on nodes here: ${mountObstacle}.`);
  for (const { azureFileShareConfiguration: share } of mountConfiguration) {
    const host = fileShareSource(share?.azureFileUrl ?? "")?.host ?? "";
    if (!host.endsWith(FILE_SUFFIX)) continue;
    const name = host.slice(0, -FILE_SUFFIX.length);
    if (!(await storageAccountByName.first(c, { name }))) continue;
    throw invalid(
      "azureFileUrl",
      `The storage account ${name} is this service's, and has blobs alone: no file shares. A container of it can be mounted (azureBlobFileSystemConfiguration).`,
    );
  }
}

function invalid(property: string, reason: string): Fault {
  return new Fault("InvalidPropertyValue", "", {
    values: [
      { key: "PropertyName", value: property },
      { key: "Reason", value: reason },
    ],
  });
}
