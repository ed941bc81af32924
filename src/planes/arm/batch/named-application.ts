/** The application of a Batch account that a path names. */
import { type AccountHandle, accountScope } from "../../../app/accounts/account-handle.ts";
import { Fault } from "../../../core/fault.ts";
import { invalidContent } from "../../../core/management/json-body.ts";
import { APPLICATION_NAME_PATTERN } from "../../../wire/arm/limits.ts";
import type { ArmContext, ArmReply } from "../request/context.ts";

/** @throws Fault InvalidRequestContent for a name that no application can have */
export function applicationName({ path }: ArmContext): string {
  const name = path.applicationName ?? "";
  if (APPLICATION_NAME_PATTERN.test(name)) return name;
  throw invalidContent("applicationName", "must be 1 to 64 letters, digits, hyphens and underscores");
}

export function applicationId(account: AccountHandle, name: string): string {
  return `${accountScope(account)}/applications/${name}`;
}

/** Deleting what is not there is no error: 204. */
export async function goneOr204(absent: string, remove: () => Promise<void>): Promise<ArmReply> {
  try {
    await remove();
    return { status: 200 };
  } catch (error) {
    if (error instanceof Fault && error.code === absent) return { status: 204 };
    throw error;
  }
}

/** Applications and packages have tags since. */
export const TAGS_SINCE = "2024-07-01";

/** Until then neither had an envelope: their properties stood beside their names. */
export const isFlat = (apiVersion: string): boolean => apiVersion < "2018-12-01";
