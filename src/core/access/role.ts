/** One role definition, compiled: does it grant a permission, and if not, why not. Knows no scopes and no principals. */

import type { RoleRefusal } from "../../wire/access/access-api.ts";
import type { Permission } from "../../wire/rbac/permission.ts";
import type { RoleDefinition, RolePermissions } from "../../wire/rbac/role-definition.ts";
import { compilePatterns, type PatternList } from "./permission-pattern.ts";

/** `pattern` is the entry of the role that grants it. */
export type RoleVerdict =
  | { readonly granted: true; readonly pattern: string }
  | { readonly granted: false; readonly why: RoleRefusal };

export interface Role {
  readonly definition: RoleDefinition;
  /** @param lowerCaseName the permission's name, in lower case. */
  readonly verdict: (kind: Permission["kind"], lowerCaseName: string) => RoleVerdict;
}

interface Entry {
  readonly action: Field;
  readonly dataAction: Field;
}

interface Field {
  readonly granted: PatternList;
  readonly subtracted: PatternList;
}

/** Verdicts remembered per role and kind. Ours; the checks of this service have fewer names. */
const VERDICTS_MAX = 256;

/** An entry's `not…` lists subtract within that entry; entries, like roles, add up. */
export function compileRole(definition: RoleDefinition): Role {
  const entries = definition.permissions.map(compileEntry);
  const verdicts = { action: new Map<string, RoleVerdict>(), dataAction: new Map<string, RoleVerdict>() };
  return {
    definition,
    verdict: (kind, name) => {
      const known = verdicts[kind];
      const remembered = known.get(name);
      if (remembered !== undefined) return remembered;
      if (known.size >= VERDICTS_MAX) known.clear();
      const verdict = judge(entries, kind, name);
      known.set(name, verdict);
      return verdict;
    },
  };
}

function judge(entries: readonly Entry[], kind: Permission["kind"], name: string): RoleVerdict {
  let why: RoleRefusal = "not-granted";
  for (const entry of entries) {
    const field = entry[kind];
    const pattern = field.granted(name);
    if (pattern !== undefined) {
      if (field.subtracted(name) === undefined) return { granted: true, pattern };
      why = "subtracted";
    } else if (why === "not-granted" && otherField(entry, kind).granted(name) !== undefined) {
      why = "other-field";
    }
  }
  return { granted: false, why };
}

function compileEntry(permissions: RolePermissions): Entry {
  return {
    action: {
      granted: compilePatterns(permissions.actions),
      subtracted: compilePatterns(permissions.notActions),
    },
    dataAction: {
      granted: compilePatterns(permissions.dataActions),
      subtracted: compilePatterns(permissions.notDataActions),
    },
  };
}

function otherField(entry: Entry, kind: Permission["kind"]): Field {
  return kind === "action" ? entry.dataAction : entry.action;
}
