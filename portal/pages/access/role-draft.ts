/** A custom role while it is being written: each list as text, an entry a line. Pure. */
import type { RoleDefinition } from "../../api/resource-manager.ts";

type Role = Omit<RoleDefinition["properties"], "type">;

export interface RoleDraft {
  readonly roleName: string;
  readonly description: string;
  readonly actions: string;
  readonly notActions: string;
  readonly dataActions: string;
  readonly notDataActions: string;
  readonly assignableScopes: string;
}

/** @param scope in whose subscription the role is to be assignable */
export const EMPTY_DRAFT = (scope: string): RoleDraft => ({
  roleName: "",
  description: "",
  actions: "",
  notActions: "",
  dataActions: "",
  notDataActions: "",
  assignableScopes: scope.split("/").slice(0, 3).join("/"),
});

/** Of a role with several entries, one with all of them: custom roles have one. */
export function roleDraft({ roleName, description, permissions, assignableScopes }: Role): RoleDraft {
  const all = (list: keyof Role["permissions"][number]) =>
    [...new Set(permissions.flatMap((entry) => entry[list]))].join("\n");
  return {
    roleName,
    description,
    actions: all("actions"),
    notActions: all("notActions"),
    dataActions: all("dataActions"),
    notDataActions: all("notDataActions"),
    assignableScopes: assignableScopes.join("\n"),
  };
}

const lines = (text: string): string[] => [
  ...new Set(
    text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  ),
];

export const roleOf = (draft: RoleDraft): Role => ({
  roleName: draft.roleName.trim(),
  description: draft.description,
  assignableScopes: lines(draft.assignableScopes),
  permissions: [
    {
      actions: lines(draft.actions),
      notActions: lines(draft.notActions),
      dataActions: lines(draft.dataActions),
      notDataActions: lines(draft.notDataActions),
    },
  ],
});

export const permissionCount = ({ actions, dataActions }: RoleDraft): number =>
  lines(actions).length + lines(dataActions).length;

export function withPermission(
  draft: RoleDraft,
  { kind, name }: { readonly kind: "action" | "dataAction"; readonly name: string },
): RoleDraft {
  const list = kind === "action" ? "actions" : "dataActions";
  return { ...draft, [list]: [...new Set([...lines(draft[list]), name])].join("\n") };
}
