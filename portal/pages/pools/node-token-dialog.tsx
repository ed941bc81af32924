/** A token as a task on this node gets it, and what it says: to see what an identity is told, and to try what it may. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { nodeToken } from "../../api/node-token.ts";
import { Choice } from "../../parts/choice.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextBox } from "../../parts/text-box.tsx";
import { TimeText } from "../../parts/time-text.tsx";

interface Props {
  readonly account: string;
  readonly pool: string;
  readonly node: { readonly id?: string | undefined; readonly affinityId?: string | undefined };
  /** Resource ids, one at least. */
  readonly identities: readonly string[];
  onClose(): void;
}

const RESOURCES = [
  "https://batch.core.windows.net/",
  "https://management.azure.com/",
  "https://storage.azure.com/",
  "https://graph.microsoft.com/",
];
const SECOND_MS = 1_000;

const said = (claim: unknown): string | undefined => (typeof claim === "string" ? claim : undefined);

export function NodeTokenDialog({ account, pool, node, identities, onClose }: Props) {
  const [resourceId, setResourceId] = useState(identities[0] ?? "");
  const [resource, setResource] = useState(RESOURCES[0] ?? "");
  const getting = useMutation({
    mutationFn: () => nodeToken({ account, pool, affinityId: node.affinityId, resourceId, resource }),
    // Nothing keeps the token but this dialog.
    gcTime: 0,
  });
  const got = getting.data;
  return (
    <FormDialog
      isOpen
      title={`A token as ${node.id} gets it`}
      submit={got === undefined ? "Get token" : "Done"}
      isPending={getting.isPending}
      isIncomplete={resource === ""}
      error={getting.error}
      onSubmit={() => (got === undefined ? getting.mutate() : onClose())}
      onClose={onClose}
    >
      {got === undefined ? (
        <>
          <p className="description">
            A task is run on the node that asks for it; its job is deleted with what it wrote.
          </p>
          <Choice
            label="Identity"
            value={resourceId}
            options={identities.map((id) => [id, id.split("/").at(-1) ?? id] as const)}
            onChange={setResourceId}
          />
          <TextBox label="For" value={resource} onChange={setResource} list={RESOURCES} isRequired />
        </>
      ) : (
        <div role="status">
          <Essentials
            facts={[
              { name: "Audience", value: said(got.claims.aud) },
              { name: "Object ID", value: said(got.claims.oid), isCopied: true },
              { name: "Application ID", value: said(got.claims.appid ?? got.claims.azp), isCopied: true },
              {
                name: "Ends",
                value: <TimeText at={new Date(Number(got.claims.exp) * SECOND_MS).toISOString()} />,
              },
              { name: "Ran on", value: got.node },
              { name: "Token", value: `${got.token.length} characters` },
            ]}
          />
          <CopyButton value={got.token} name="the token" /> Copy the token: it is kept nowhere.
        </div>
      )}
    </FormDialog>
  );
}
