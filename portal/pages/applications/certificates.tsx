/** The certificates that an application may sign its requests for tokens with. Only public halves come here. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { WRITE_APPLICATIONS } from "../../../src/wire/graph/access.ts";
import {
  type Application,
  certificateAdd,
  certificateRemove,
  type KeyCredential,
} from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { useRemoval } from "../../parts/list/removal.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { TextBox } from "../../parts/text-box.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { certificateOf } from "./certificate-text.ts";

export function Certificates({ application }: { readonly application: Application }) {
  const queries = useQueryClient();
  const missing = useMayInDirectory()(WRITE_APPLICATIONS);
  const [isAdding, setAdding] = useState(false);
  const changed = () => queries.invalidateQueries({ queryKey: ["application", application.appId] });
  const removal = useRemoval<KeyCredential>({
    what: "a certificate",
    missing,
    remove: ({ keyId }) => certificateRemove(application, keyId),
    changed,
  });
  const columns: readonly Column<KeyCredential>[] = [
    { name: "Description", minWidth: 140, render: ({ displayName }) => displayName ?? "–" },
    {
      name: "Thumbprint",
      width: "2fr",
      minWidth: 340,
      render: ({ customKeyIdentifier }) => <code>{customKeyIdentifier}</code>,
    },
    { name: "Expires", minWidth: 190, render: ({ endDateTime }) => <TimeText at={endDateTime} /> },
    removal.column,
  ];
  return (
    <section className="section" aria-label="Certificates">
      <div className="section-bar">
        <h2>Certificates ({application.keyCredentials.length})</h2>
        <ActionButton name="Upload certificate" missing={missing} onPress={() => setAdding(true)} />
      </div>
      {removal.notices}
      <DataTable
        label="Certificates"
        columns={columns}
        items={application.keyCredentials}
        keyOf={({ keyId }) => keyId}
        empty={
          <EmptyList
            text={
              "No certificates have been added for this application. It may sign in with one instead of a secret."
            }
            command={`az ad app credential reset --id ${application.appId} --cert @certificate.pem --append`}
          />
        }
      />
      {isAdding && (
        <UploadDialog
          application={application}
          onClose={() => {
            setAdding(false);
            void changed();
          }}
        />
      )}
    </section>
  );
}

function UploadDialog({ application, onClose }: { readonly application: Application; onClose(): void }) {
  const [text, setText] = useState("");
  const [name, setName] = useState("");
  const certificate = certificateOf(text);
  const adding = useMutation({
    meta: { notice: "Add a certificate" },
    mutationFn: () => certificateAdd(application, certificate ?? "", name),
    onSuccess: onClose,
  });
  return (
    <FormDialog
      isOpen
      title="Upload certificate"
      submit="Add"
      isPending={adding.isPending}
      isIncomplete={certificate === undefined}
      error={adding.error}
      onSubmit={() => adding.mutate()}
      onClose={onClose}
    >
      <div>
        <FileTrigger
          acceptedFileTypes={[".pem", ".cer", ".crt"]}
          onSelect={async (files) => setText(await textOf(files?.[0]))}
        >
          <Button className="button">Choose a file</Button>
        </FileTrigger>
      </div>
      <TextBox
        label="Certificate"
        isLong
        value={text}
        onChange={setText}
        description="As PEM; a private key does not belong here, and is left out"
      />
      <TextBox label="Description" value={name} onChange={setName} />
    </FormDialog>
  );
}

/** A certificate is some kilobytes. */
const FILE_MAX_BYTES = 65_536;

/** PEM as it stands; DER as base64. */
async function textOf(file: File | undefined): Promise<string> {
  if (file === undefined || file.size > FILE_MAX_BYTES) return "";
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  return text.includes("-----BEGIN") ? text : btoa(String.fromCharCode(...bytes));
}
