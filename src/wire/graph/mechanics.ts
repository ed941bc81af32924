/**
 * What Graph's addresses may say beyond the name of an object: which collections can be counted and followed, which types their objects can be
 * narrowed to, which relations can be shown with an object. Source: "Use the Microsoft Graph API", "Advanced query capabilities", "Use delta
 * query to track changes", OData 4.01 part 2, sections 4.5 (bound functions), 4.8 ($count), 4.11 (casts).
 */
import type { GraphOperationId } from "./operations.ts";

/** Last segments that change what a collection's address answers. */
export interface Modifiers {
  /** `$count`: the number of what would be listed, as text. */
  readonly isCount: boolean;
  /** `$ref`: the addresses of what would be listed. */
  readonly isReferences: boolean;
  /** `delta()`: what there is, and later what has changed. */
  readonly isDelta: boolean;
  /** `microsoft.graph.user`: what of the list is one, by its `@odata.type`. */
  readonly cast: string | undefined;
}

export const UNMODIFIED: Modifiers = { isCount: false, isReferences: false, isDelta: false, cast: undefined };

/** By the last part of their names. */
const CASTS = ["user", "group", "servicePrincipal", "application", "directoryRole", "directoryObject"];

/** `#microsoft.graph.user`, also for the short name of its namespace, `graph.user`; undefined for what is no cast. */
export function castOf(segment: string): string | undefined {
  const [, name] = /^#?(?:microsoft\.)?graph\.(\w+)$/i.exec(segment) ?? [];
  const type = CASTS.find((known) => known.toLowerCase() === name?.toLowerCase());
  return type && `#microsoft.graph.${type}`;
}

export const isDeltaSegment = (segment: string): boolean =>
  /^(?:(?:microsoft\.)?graph\.)?delta(?:\(\))?$/i.test(segment);

/** A segment that can be no object's id. */
export const isReserved = (segment: string): boolean => /^\$|\(\)$|^(?:microsoft\.)?graph\./i.test(segment);

/** Collections: their replies are lists. */
export const isCollection = (id: GraphOperationId): boolean => /_List/.test(id) || id === "Domains_List";

/** Collections of objects of several kinds, which can be narrowed to one. */
export const hasCasts = (id: GraphOperationId): boolean =>
  /_List(Transitive)?(Members|MemberOf|Owners|OwnedObjects)$/.test(id) || id === "DeletedItems_List";

export const hasDelta = (id: GraphOperationId): boolean =>
  id === "Users_List" ||
  id === "Groups_List" ||
  id === "Applications_List" ||
  id === "ServicePrincipals_List";

/** Relations that `$expand` shows, by the entity set. */
export const RELATIONS = {
  users: ["memberOf", "transitiveMemberOf", "ownedObjects"],
  groups: ["members", "owners", "memberOf", "transitiveMembers"],
  applications: ["owners"],
  servicePrincipals: ["owners", "memberOf"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
