/** What an application proves itself with. A new secret's value is shown once, and gone when the page is left. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { WRITE_APPLICATIONS } from "../../../src/wire/graph/access.ts";
import { type Application, type PasswordCredential, secretAdd, secretRemove } from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { useRemoval } from "../../parts/list/removal.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { TextBox } from "../../parts/text-box.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { ApplicationPage } from "./application-page.tsx";
import { Certificates } from "./certificates.tsx";
import { FederatedCredentials } from "./federated-credentials.tsx";
import { EXPIRIES, expiryTime } from "./secret-expiry.ts";

export function Secrets() {
  const [isAdding, setAdding] = useState(false);
  const missing = useMayInDirectory()(WRITE_APPLICATIONS);
  return (
    <ApplicationPage
      title="Certificates & secrets"
      actions={() => (
        <ActionButton name="New client secret" isPrimary missing={missing} onPress={() => setAdding(true)} />
      )}
      commands={({ appId }) => ({
        lines: [
          `./bin/batchyard.js app secret add ${appId} --years 1`,
          `az ad app credential reset --id ${appId} --append --years 1`,
        ],
        request: `POST https://graph.microsoft.com/v1.0/applications(appId='${appId}')/addPassword`,
      })}
    >
      {(application) => (
        <SecretList application={application} isAdding={isAdding} onAdded={() => setAdding(false)} />
      )}
    </ApplicationPage>
  );
}

/** Pixels of a column that may be cut. */
const NARROWEST = 100;

interface ListProps {
  readonly application: Application;
  readonly isAdding: boolean;
  onAdded(): void;
}

function SecretList({ application, isAdding, onAdded }: ListProps) {
  const { id, appId, passwordCredentials } = application;
  const queries = useQueryClient();
  // In this component alone: whoever leaves the page leaves the value behind.
  const [fresh, setFresh] = useState<PasswordCredential>();
  const changed = () => queries.invalidateQueries({ queryKey: ["application", appId] });
  const removal = useRemoval<PasswordCredential>({
    what: "a client secret",
    missing: useMayInDirectory()(WRITE_APPLICATIONS),
    remove: ({ keyId }) => secretRemove(id, keyId),
    changed,
  });
  const columns: readonly Column<PasswordCredential>[] = [
    { name: "Description", minWidth: 140, render: ({ displayName }) => displayName ?? "–" },
    { name: "Expires", minWidth: 190, render: ({ endDateTime }) => <TimeText at={endDateTime} /> },
    {
      name: "Value",
      // Only a new one is shown whole.
      minWidth: fresh ? 300 : NARROWEST,
      width: "2fr",
      render: ({ keyId, hint }) =>
        keyId === fresh?.keyId && fresh.secretText ? (
          <>
            <code data-secret>{fresh.secretText}</code>
            <CopyButton value={fresh.secretText} name="Value" />
          </>
        ) : (
          `${hint ?? ""}******`
        ),
    },
    { name: "Secret ID", minWidth: fresh ? NARROWEST : 280, render: ({ keyId }) => <code>{keyId}</code> },
    removal.column,
  ];
  return (
    <>
      {fresh && (
        <p className="warning" role="status">
          Copy the new secret's value now: you cannot see it again after you leave this page.
        </p>
      )}
      {removal.notices}
      <h2>Client secrets ({passwordCredentials.length})</h2>
      <DataTable
        label="Client secrets"
        columns={columns}
        items={passwordCredentials}
        keyOf={({ keyId }) => keyId}
        empty={
          <EmptyList
            text={"No client secrets have been created for this application. With one it signs in by itself."}
            command={`az ad app credential reset --id ${appId} --append`}
          />
        }
      />
      <Certificates application={application} />
      <FederatedCredentials applicationId={id} />
      {isAdding && (
        <NewSecretDialog
          applicationId={id}
          onClose={onAdded}
          onAdded={(secret) => {
            setFresh(secret);
            onAdded();
            void changed();
          }}
        />
      )}
    </>
  );
}

interface NewSecretProps {
  readonly applicationId: string;
  onAdded(secret: PasswordCredential): void;
  onClose(): void;
}

function NewSecretDialog({ applicationId, onAdded, onClose }: NewSecretProps) {
  const [description, setDescription] = useState("");
  const [expiry, setExpiry] = useState("1");
  const [custom, setCustom] = useState("");
  const endDateTime = expiryTime(expiry, custom, Date.now());
  const adding = useMutation({
    meta: { notice: "Add a client secret" },
    mutationFn: () => secretAdd(applicationId, { displayName: description, endDateTime }),
    onSuccess: onAdded,
    // Nothing keeps the value but the page that asked for it.
    gcTime: 0,
  });
  return (
    <FormDialog
      isOpen
      title="Add a client secret"
      submit="Add"
      isPending={adding.isPending}
      isIncomplete={endDateTime === undefined}
      error={adding.error}
      onSubmit={() => adding.mutate()}
      onClose={onClose}
    >
      <TextBox label="Description" value={description} onChange={setDescription} isFirst />
      <Choice label="Expires" value={expiry} options={EXPIRIES} onChange={setExpiry} />
      {expiry === "custom" && (
        <TextBox label="End date" value={custom} onChange={setCustom} placeholder="2030-01-31" />
      )}
    </FormDialog>
  );
}
