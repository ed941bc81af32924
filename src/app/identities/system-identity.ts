/**
 * The identity that a Batch account has of its own: a service principal that comes with it and goes with it. Roles can be assigned to it; no node
 * gets its tokens, for nodes act as their pool's identities. Source: "Managed identities for Azure resources", "BatchAccountIdentity".
 */
import { randomUUID } from "node:crypto";
import { settingGet, settingPut } from "../../store/accounts.ts";
import { servicePrincipalRowInsert } from "../../store/applications.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { servicePrincipalRemove } from "../directory/service-principal.ts";

export interface SystemIdentity {
  readonly principalId: string;
  readonly clientId: string;
}

const settingOf = (principalId: string): string => `system-identity/${principalId}`;
/** A setting without a value is one that was taken back. */
const GONE = "";

/** @param name of the resource that has it */
export async function systemIdentityAdd(
  c: Connection,
  tenantId: string,
  name: string,
  now: number,
): Promise<SystemIdentity> {
  const identity = { principalId: randomUUID(), clientId: randomUUID() };
  await servicePrincipalRowInsert.run(c, {
    object_id: identity.principalId,
    tenant_id: tenantId,
    app_id: identity.clientId,
    display_name: name,
    enabled: 1,
    created_at: now,
    assignment_required: 0,
  });
  await settingPut.run(c, { name: settingOf(identity.principalId), value: name });
  return identity;
}

export async function systemIdentityDrop(c: Connection, { principalId }: SystemIdentity): Promise<void> {
  await settingPut.run(c, { name: settingOf(principalId), value: GONE });
  await servicePrincipalRemove(c, principalId);
}

export async function isSystemIdentity(c: Connection, principalId: string): Promise<boolean> {
  return ((await settingGet.first(c, { name: settingOf(principalId) }))?.value ?? GONE) !== GONE;
}
