/**
 * Owners of applications, service principals and groups: users and service principals. Kept and shown; they give no right here, for who may
 * change what in the directory is told by roles and permissions alone.
 */
import { settingGet, settingPut } from "../../store/accounts.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { Directory } from "./directory.ts";
import { badDirectoryRequest, directoryObjectMissing } from "./directory-fault.ts";
import { principalType } from "./group.ts";

/** "Microsoft Entra service limits and restrictions". */
const OWNERS_MAX = 100;

const ownersOf = (objectId: string): string => `owners/${objectId}`;
const ownedBy = (objectId: string): string => `owned/${objectId}`;

/** Some may be gone by now. */
export function ownerIds(directory: Directory, objectId: string): Promise<readonly string[]> {
  return idsAt(directory.read, ownersOf(objectId));
}

/** Some may be gone by now. */
export function ownedObjectIds(directory: Directory, ownerId: string): Promise<readonly string[]> {
  return idsAt(directory.read, ownedBy(ownerId));
}

/** @throws Fault Request_BadRequest where it is one already, or cannot be one; Request_ResourceNotFound */
export async function ownerAdd(
  directory: Directory,
  tenantId: string,
  objectId: string,
  ownerId: string,
): Promise<void> {
  await directory.grow(async (c) => {
    const type = await principalType(c, tenantId, ownerId);
    if (type === undefined) throw directoryObjectMissing("object", ownerId);
    if (type === "Group") throw badDirectoryRequest("A group cannot be an owner.", "@odata.id");
    const owners = await idsAt(c, ownersOf(objectId));
    if (owners.includes(ownerId))
      throw badDirectoryRequest(
        "One or more added object references already exist for the following modified properties: 'owners'.",
        "owners",
      );
    if (owners.length >= OWNERS_MAX)
      throw badDirectoryRequest(`An object has at most ${OWNERS_MAX} owners.`, "owners");
    await put(c, ownersOf(objectId), [...owners, ownerId]);
    await put(c, ownedBy(ownerId), [...new Set([...(await idsAt(c, ownedBy(ownerId))), objectId])]);
  });
}

/** @throws Fault Request_ResourceNotFound */
export async function ownerRemove(directory: Directory, objectId: string, ownerId: string): Promise<void> {
  await directory.change(async (c) => {
    const owners = await idsAt(c, ownersOf(objectId));
    if (!owners.includes(ownerId)) throw directoryObjectMissing("owner", ownerId);
    await put(
      c,
      ownersOf(objectId),
      owners.filter((id) => id !== ownerId),
    );
    const owned = await idsAt(c, ownedBy(ownerId));
    await put(
      c,
      ownedBy(ownerId),
      owned.filter((id) => id !== objectId),
    );
  });
}

async function idsAt(c: Connection, name: string): Promise<readonly string[]> {
  const row = await settingGet.first(c, { name });
  return row ? (JSON.parse(row.value) as readonly string[]) : [];
}

async function put(c: Connection, name: string, ids: readonly string[]): Promise<void> {
  await settingPut.run(c, { name, value: JSON.stringify(ids) });
}
