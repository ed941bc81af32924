/**
 * Management locks: which of them stand in the way of a request. A lock holds for its scope and all that is below, whoever asks; deleting what
 * contains something locked is held, too. Pure. Source: "Lock your Azure resources to protect your infrastructure".
 */
import { type Scope, scopeContains } from "../access/scope.ts";
import {
  asObject,
  invalidContent,
  type JsonObject,
  optionalList,
  optionalText,
  wordOf,
} from "./json-body.ts";

export const LOCK_LEVELS = ["CanNotDelete", "ReadOnly"] as const;

export interface ManagementLock {
  readonly name: string;
  readonly scope: Scope;
  /** As the request wrote the scope. */
  readonly at: string;
  readonly level: (typeof LOCK_LEVELS)[number];
  readonly notes?: string;
  readonly owners?: readonly { readonly applicationId: string }[];
}

/** What a request does to its scope. */
export type LockedWork = "write" | "delete";

/** @param scope of the request */
export function locksAgainst(
  locks: readonly ManagementLock[],
  scope: Scope,
  work: LockedWork,
): readonly ManagementLock[] {
  return locks.filter((lock) => {
    const isAbove = scopeContains(lock.scope, scope);
    if (work === "delete") return isAbove || scopeContains(scope, lock.scope);
    return isAbove && lock.level === "ReadOnly";
  });
}

const NOTES_MAX_CHARACTERS = 512;
const OWNERS_MAX = 50;

/** @throws Fault InvalidRequestContent naming the property */
export function lockOf(body: JsonObject): Pick<ManagementLock, "level" | "notes" | "owners"> {
  const properties = asObject(body.properties ?? {}, "properties");
  const level = wordOf(properties.level, LOCK_LEVELS, "properties.level");
  const notes = optionalText(properties, "notes", "properties.notes");
  if ((notes?.length ?? 0) > NOTES_MAX_CHARACTERS)
    throw invalidContent("properties.notes", `must have no more than ${NOTES_MAX_CHARACTERS} characters`);
  const owners = optionalList(properties, "owners", "properties.owners")?.map((owner, index) => {
    const at = `properties.owners[${index}]`;
    const applicationId = optionalText(asObject(owner, at), "applicationId", `${at}.applicationId`);
    if (applicationId === undefined) throw invalidContent(`${at}.applicationId`, "is required");
    return { applicationId };
  });
  if ((owners?.length ?? 0) > OWNERS_MAX)
    throw invalidContent("properties.owners", `must have no more than ${OWNERS_MAX} elements`);
  return { level, ...(notes !== undefined && { notes }), ...(owners && { owners }) };
}
