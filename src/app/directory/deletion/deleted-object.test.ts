import { expect, test } from "vitest";
import { openDirectoryFixture, START, TENANT_ID } from "../directory.fixture.ts";
import { groupCreate, groupDelete, groupMemberAdd, groupsOfMemberList } from "../group.ts";
import { userCreate, userDelete } from "../user.ts";
import { deletedObjectCount, deletedObjectRestore, deletedObjectsSweep } from "./deleted-object.ts";

const DAY = 86_400_000;

test("what was deleted can be restored for thirty days, and then is gone with all that was set aside", async () => {
  const { directory, close } = await openDirectoryFixture();
  const domain = (await directory.tenant(TENANT_ID))?.defaultDomain;
  const made = async (name: string) => {
    const named = { userPrincipalName: `${name}@${domain}`, displayName: name, password: "correct horse" };
    return (await userCreate(directory, TENANT_ID, named, START)).objectId;
  };
  const [first, second] = [await made("first"), await made("second")];
  const [stays, goes] = [
    await groupCreate(directory, TENANT_ID, { displayName: "stays" }, START),
    await groupCreate(directory, TENANT_ID, { displayName: "goes" }, START),
  ];
  for (const { objectId } of [stays, goes])
    for (const member of [first, second]) await groupMemberAdd(directory, TENANT_ID, objectId, member);
  await userDelete(directory, TENANT_ID, first, START);
  await userDelete(directory, TENANT_ID, second, START + DAY);
  await groupDelete(directory, TENANT_ID, goes.objectId);
  expect(await groupsOfMemberList(directory, second)).toEqual([]);

  await deletedObjectsSweep(directory, START + 30 * DAY - 1);
  expect(await deletedObjectCount(directory, TENANT_ID, "user")).toBe(2);
  await deletedObjectsSweep(directory, START + 30 * DAY);
  expect(await deletedObjectCount(directory, TENANT_ID, "user")).toBe(1);
  await expect(deletedObjectRestore(directory, TENANT_ID, first)).rejects.toThrow("no deleted object");
  await deletedObjectRestore(directory, TENANT_ID, second);
  expect(await groupsOfMemberList(directory, second)).toEqual([stays.objectId]);
  await close();
});
