/** One group: its members, those within groups within it, its owners. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { Disclosure, DisclosurePanel } from "react-aria-components/Disclosure";
import { WRITE_GROUPS } from "../../../src/wire/graph/access.ts";
import { groupDelete, group as groupRead, referencesOf } from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { ReferenceList } from "./reference-list.tsx";

export function Group() {
  const { group: id = "" } = useParams({ strict: false });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const missing = useMayInDirectory()(WRITE_GROUPS);
  const [isAsked, setAsked] = useState(false);
  const { data, error } = useQuery({ queryKey: ["group", id], queryFn: () => groupRead(id) });
  const removing = useMutation({
    meta: { notice: "Delete a group" },
    mutationFn: groupDelete,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["groups"] });
      await navigate({ to: "/groups" });
    },
  });
  const name = data?.displayName ?? id;
  return (
    <Page
      title={name}
      kind="Group"
      trail={[["/groups", "Groups"]]}
      actions={<ActionButton name="Delete" missing={missing} onPress={() => setAsked(true)} />}
      commands={{
        lines: [`az ad group member list --group ${id}`],
        request: `GET https://graph.microsoft.com/v1.0/groups/${id}/members`,
      }}
    >
      <RefusalNotice error={error ?? removing.error} />
      {data && (
        <>
          <Essentials
            facts={[
              { name: "Name", value: name },
              { name: "Object ID", value: id, isCopied: true },
            ]}
          />
          <ReferenceList
            name="Members"
            one="member"
            list={`groups/${id}/members`}
            access={WRITE_GROUPS}
            types={["User", "Group", "ServicePrincipal"]}
            empty={{
              text: "There are none. Members hold the roles that the group is given.",
              command: `az ad group member add --group ${id} --member-id OBJECT`,
            }}
          />
          <section className="section" aria-label="With groups within">
            <h2>With groups within</h2>
            <NestedMembers id={id} above={[id]} />
          </section>
          <ReferenceList
            name="Owners"
            one="owner"
            list={`groups/${id}/owners`}
            access={WRITE_GROUPS}
            types={["User", "ServicePrincipal"]}
            empty={{
              text: "There are none. An owner may change the group without a directory role.",
              command: `az ad group owner add --group ${id} --owner-object-id OBJECT`,
            }}
          />
        </>
      )}
      <ConfirmDialog
        isOpen={isAsked}
        title={`Delete ${name}?`}
        confirm="Delete"
        onConfirm={() => removing.mutate(id)}
        onClose={() => setAsked(false)}
      >
        Its members lose the roles that they hold through it.
      </ConfirmDialog>
    </Page>
  );
}

interface NestedProps {
  readonly id: string;
  /** The groups that lead here: a circle ends where it began. */
  readonly above: readonly string[];
}

function NestedMembers({ id, above }: NestedProps) {
  const { data, error } = useQuery({
    queryKey: ["references", `groups/${id}/members`],
    queryFn: () => referencesOf(`groups/${id}/members`),
  });
  return (
    <>
      <RefusalNotice error={error} />
      {data?.length === 0 && <p className="nothing">Nobody.</p>}
      <ul className="nested-list">
        {data?.map((member) => {
          const kind = member["@odata.type"].split(".").at(-1);
          const name = member.displayName ?? member.id;
          return (
            <li key={member.id}>
              {kind === "group" && !above.includes(member.id) ? (
                <Disclosure>
                  {({ isExpanded }) => (
                    <>
                      <Button slot="trigger" className="disclosure-button">
                        {name}
                      </Button>{" "}
                      <span className="kind">group</span>
                      <DisclosurePanel>
                        {isExpanded && <NestedMembers id={member.id} above={[...above, member.id]} />}
                      </DisclosurePanel>
                    </>
                  )}
                </Disclosure>
              ) : (
                <>
                  {name} <span className="kind">{kind}</span>
                </>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
