/** Federated credentials: another issuer's tokens that an application may present instead of a secret. */
import { randomUUID } from "node:crypto";
import {
  type FederatedCredentialRow,
  federatedCredentialDelete,
  federatedCredentialInsert,
  federatedCredentials,
} from "../../store/applications.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { Directory } from "./directory.ts";
import { badDirectoryRequest, directoryConflict, directoryObjectMissing } from "./directory-fault.ts";

export interface FederatedCredentialRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** "Important considerations and restrictions for federated identity credentials". */
const MAX_PER_APPLICATION = 20;

/** @throws Fault Request_BadRequest, Request_MultipleObjectsWithSameKeyValue */
export async function federatedCredentialAdd(
  directory: Directory,
  appId: string,
  given: Omit<FederatedCredentialRecord, "id">,
): Promise<FederatedCredentialRecord> {
  check(given);
  const record = { id: randomUUID(), ...given };
  await directory.grow((c) => insert(c, appId, record));
  return record;
}

/** @param next whole, with the id and the name of one there is. @throws Fault as for a new one */
export async function federatedCredentialUpdate(
  directory: Directory,
  appId: string,
  next: FederatedCredentialRecord,
): Promise<void> {
  check(next);
  await directory.change(async (c) => {
    if ((await federatedCredentialDelete.run(c, { app_id: appId, id: next.id })) === 0)
      throw directoryObjectMissing("federated credential", next.id);
    await insert(c, appId, next);
  });
}

function check({ name, issuer, subject, audience }: Omit<FederatedCredentialRecord, "id">): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(name))
    throw badDirectoryRequest("A name has 3 to 120 letters, digits, dashes and underscores.", "name");
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== "https:")
    throw badDirectoryRequest("An issuer is an https URL.", "issuer");
  if (subject === "" || audience === "")
    throw badDirectoryRequest(
      "Subject and audience must be given.",
      subject === "" ? "subject" : "audiences",
    );
}

/** Inside a write. */
async function insert(c: Connection, appId: string, record: FederatedCredentialRecord): Promise<void> {
  const { name, issuer, subject } = record;
  const existing = await federatedCredentials.all(c, { app_id: appId });
  if (existing.length >= MAX_PER_APPLICATION)
    throw badDirectoryRequest(`At most ${MAX_PER_APPLICATION} federated credentials.`);
  if (existing.some((each) => each.name === name))
    throw directoryConflict(`There is a credential '${name}' already.`, "name");
  if (existing.some((each) => each.issuer === issuer && each.subject === subject))
    throw directoryConflict("There is a credential with this issuer and subject already.", "subject");
  await federatedCredentialInsert.run(c, { ...record, app_id: appId });
}

export async function federatedCredentialList(
  directory: Directory,
  appId: string,
): Promise<FederatedCredentialRecord[]> {
  return (await federatedCredentials.all(directory.read, { app_id: appId })).map(withoutAppId);
}

/** @returns whether there was such a credential */
export async function federatedCredentialRemove(
  directory: Directory,
  appId: string,
  id: string,
): Promise<boolean> {
  return (await directory.change((c) => federatedCredentialDelete.run(c, { app_id: appId, id }))) > 0;
}

function withoutAppId({ app_id: _, ...record }: FederatedCredentialRow): FederatedCredentialRecord {
  return record;
}
