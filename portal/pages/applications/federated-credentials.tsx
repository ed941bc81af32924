/** Whose tokens count as the application's own proof: another issuer's, for one subject and audience. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { WRITE_APPLICATIONS } from "../../../src/wire/graph/access.ts";
import {
  type FederatedCredential,
  federatedCredentialAdd,
  federatedCredentialRemove,
  federatedCredentialsList,
} from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { useRemoval } from "../../parts/list/removal.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";

export function FederatedCredentials({ applicationId }: { readonly applicationId: string }) {
  const queries = useQueryClient();
  const missing = useMayInDirectory()(WRITE_APPLICATIONS);
  const [isAdding, setAdding] = useState(false);
  const key = ["federated-credentials", applicationId];
  const { data, error } = useQuery({ queryKey: key, queryFn: () => federatedCredentialsList(applicationId) });
  const changed = () => queries.invalidateQueries({ queryKey: key });
  const removal = useRemoval<FederatedCredential>({
    what: "a federated credential",
    missing,
    remove: ({ id }) => federatedCredentialRemove(applicationId, id),
    changed,
  });
  const columns: readonly Column<FederatedCredential>[] = [
    { name: "Name", minWidth: 100, render: ({ name }) => name },
    { name: "Issuer", width: "2fr", minWidth: 170, render: ({ issuer }) => issuer },
    { name: "Subject", width: "2fr", minWidth: 170, render: ({ subject }) => subject },
    { name: "Audience", minWidth: 150, render: ({ audiences }) => audiences.join(", ") },
    removal.column,
  ];
  return (
    <section className="section" aria-label="Federated credentials">
      <div className="section-bar">
        <h2>Federated credentials ({data?.length ?? 0})</h2>
        <ActionButton name="Add credential" missing={missing} onPress={() => setAdding(true)} />
      </div>
      <RefusalNotice error={error} />
      {removal.notices}
      {data && (
        <DataTable
          label="Federated credentials"
          columns={columns}
          items={data}
          keyOf={({ id }) => id}
          empty={
            <EmptyList
              text={
                "No other issuer's tokens are trusted. With a federated credential the application signs in by such a token, without a secret."
              }
              command={`az ad app federated-credential create --id ${applicationId} --parameters credential.json`}
            />
          }
        />
      )}
      {isAdding && (
        <NewCredentialDialog
          applicationId={applicationId}
          onClose={() => {
            setAdding(false);
            void changed();
          }}
        />
      )}
    </section>
  );
}

/** What everybody takes. Source: "federatedIdentityCredential resource type". */
const AUDIENCE = "api://AzureADTokenExchange";

function NewCredentialDialog({
  applicationId,
  onClose,
}: {
  readonly applicationId: string;
  onClose(): void;
}) {
  const [name, setName] = useState("");
  const [issuer, setIssuer] = useState("");
  const [subject, setSubject] = useState("");
  const [audience, setAudience] = useState(AUDIENCE);
  const adding = useMutation({
    meta: { notice: `Add the federated credential ${name}` },
    mutationFn: () => federatedCredentialAdd(applicationId, { name, issuer, subject, audiences: [audience] }),
    onSuccess: onClose,
  });
  return (
    <FormDialog
      isOpen
      title="Add a credential"
      submit="Add"
      isPending={adding.isPending}
      isIncomplete={[name, issuer, subject, audience].includes("")}
      error={adding.error}
      onSubmit={() => adding.mutate()}
      onClose={onClose}
    >
      <TextBox label="Name" value={name} onChange={setName} isFirst />
      <TextBox
        label="Issuer"
        type="url"
        value={issuer}
        onChange={setIssuer}
        placeholder="https://token.actions.githubusercontent.com"
      />
      <TextBox
        label="Subject identifier"
        value={subject}
        onChange={setSubject}
        placeholder="repo:organization/repository:ref:refs/heads/main"
      />
      <TextBox label="Audience" value={audience} onChange={setAudience} />
    </FormDialog>
  );
}
