/** A custom role, made from nothing, from another role, from JSON, or from what a program really did. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { Form } from "react-aria-components/Form";
import { roleCreate, rolesList } from "../../api/resource-manager.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { useListSearch, useSetListSearch } from "../../parts/list/list-filter.tsx";
import { useMay } from "../../parts/may.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";
import { AddPermission } from "./add-permission.tsx";
import { Recording } from "./recording.tsx";
import { EMPTY_DRAFT, permissionCount, type RoleDraft, roleDraft, roleOf } from "./role-draft.ts";
import { readRole } from "./role-json.ts";

const BASELINES = [
  ["json", "Start from JSON"],
  ["scratch", "Start from scratch"],
  ["clone", "Clone a role"],
  ["recording", "What a program really did"],
] as const;

type Baseline = (typeof BASELINES)[number][0];

const LISTS = [
  ["actions", "Actions"],
  ["notActions", "Actions taken away"],
  ["dataActions", "Data actions"],
  ["notDataActions", "Data actions taken away"],
  ["assignableScopes", "Assignable scopes"],
] as const;

export function NewRole({ scope }: { readonly scope: string }) {
  const set = useSetListSearch();
  const queries = useQueryClient();
  const may = useMay(scope);
  const { state: baseline = "json" } = useListSearch();
  const [draft, setDraft] = useState<RoleDraft>(() => EMPTY_DRAFT(scope));
  const count = permissionCount(draft);
  const creating = useMutation({
    mutationFn: () => roleCreate(scope, roleOf(draft)),
    meta: { notice: `Create the role ${draft.roleName}` },
    onSuccess: async ({ name }) => {
      await queries.invalidateQueries({ queryKey: ["roles"] });
      set({ tab: "roles", selected: name, state: "" });
    },
  });
  return (
    <section className="section" aria-label="Add custom role">
      <h2>Add custom role</h2>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          creating.mutate();
        }}
      >
        <Choice
          label="Baseline permissions"
          value={baseline as Baseline}
          options={BASELINES}
          onChange={(state) => set({ state })}
        />
        {baseline === "json" && <FromJson scope={scope} onRead={setDraft} />}
        {baseline === "clone" && <FromRole scope={scope} onChosen={setDraft} />}
        {baseline === "recording" && <Recording scope={scope} onRecorded={setDraft} />}
        <TextBox
          label="Custom role name"
          value={draft.roleName}
          onChange={(roleName) => setDraft({ ...draft, roleName })}
        />
        <TextBox
          label="Description"
          value={draft.description}
          onChange={(description) => setDraft({ ...draft, description })}
        />
        <AddPermission draft={draft} onAdd={setDraft} />
        {LISTS.map(([name, label]) => (
          <TextBox
            key={name}
            label={label}
            isLong
            isLow
            value={draft[name]}
            onChange={(value) => setDraft({ ...draft, [name]: value })}
            {...(name === "actions" && { description: "One a line, also with *" })}
          />
        ))}
        <p className="description" role="status">
          {count === 1 ? "1 permission" : `${count} permissions`}
        </p>
        <RefusalNotice error={creating.error} />
        <div className="dialog-buttons">
          <ActionButton
            name="Create"
            isPrimary
            missing={may.action("Microsoft.Authorization/roleDefinitions/write")}
            isDisabled={creating.isPending || draft.roleName.trim() === "" || count === 0}
            onPress={() => creating.mutate()}
          />
          <Button className="button" onPress={() => set({ tab: "roles", state: "" })}>
            Cancel
          </Button>
        </div>
      </Form>
    </section>
  );
}

interface FromJsonProps {
  readonly scope: string;
  onRead(draft: RoleDraft): void;
}

function FromJson({ scope, onRead }: FromJsonProps) {
  const [json, setJson] = useState("");
  const read = json.trim() === "" ? undefined : readRole(json, scope);
  return (
    <>
      <TextBox
        label="JSON"
        isLong
        isFirst
        value={json}
        onChange={(text) => {
          setJson(text);
          const role = readRole(text, scope);
          if (typeof role !== "string") onRead(roleDraft(role));
        }}
        description="As in the documents, with or without 'properties' around it; a scope of this subscription takes the place of one that is not known here"
      />
      {typeof read === "string" && <p role="alert">{read}</p>}
    </>
  );
}

interface FromRoleProps {
  readonly scope: string;
  onChosen(draft: RoleDraft): void;
}

function FromRole({ scope, onChosen }: FromRoleProps) {
  const { selected = "" } = useListSearch();
  const set = useSetListSearch();
  const { data, error } = useQuery({ queryKey: ["roles", scope], queryFn: () => rolesList(scope) });
  const role = data?.find(({ name }) => name === selected)?.properties;
  const shown = useRef<typeof role>(undefined);
  useEffect(() => {
    if (role === undefined || role === shown.current) return;
    shown.current = role;
    const { assignableScopes } = EMPTY_DRAFT(scope);
    onChosen({ ...roleDraft({ ...role, roleName: `${role.roleName} (copy)` }), assignableScopes });
  }, [role, scope, onChosen]);
  return (
    <>
      <RefusalNotice error={error} />
      <Choice
        label="Role to clone"
        value={selected}
        options={(data ?? []).map(({ name, properties }) => [name, properties.roleName])}
        onChange={(name) => set({ selected: name })}
      />
    </>
  );
}
