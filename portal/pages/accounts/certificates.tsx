/** Certificates that nodes of pools get. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type Certificate,
  certificateAdd,
  certificateDelete,
  certificatesList,
} from "../../api/batch-account.ts";
import type { BatchAccount } from "../../api/resource-manager.ts";
import { useAccount, useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { ActionButton } from "../../parts/action-button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { useRemoval } from "../../parts/list/removal.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TextBox } from "../../parts/text-box.tsx";

export function Certificates() {
  const name = useAccountName();
  const account = useAccount();
  const may = useMayHere();
  const queries = useQueryClient();
  const [isAdding, setAdding] = useState(false);
  const { data = [], error } = useQuery({
    queryKey: ["certificates", account?.id],
    queryFn: () => (account ? certificatesList(account) : []),
    enabled: account !== undefined,
  });
  const changed = () => queries.invalidateQueries({ queryKey: ["certificates", account?.id] });
  const removal = useRemoval<Certificate>({
    what: "a certificate",
    missing: may.action("Microsoft.Batch/batchAccounts/certificates/delete"),
    remove: certificateDelete,
    changed,
    ask: ({ name }) => ({
      title: `Delete ${name}?`,
      text: "One that a pool refers to stays until the pool does not.",
    }),
  });
  const columns: readonly Column<Certificate>[] = [
    { name: "Thumbprint", width: "2fr", minWidth: 300, render: ({ name: id }) => <code>{id}</code> },
    { name: "Format", render: ({ properties }) => properties.format ?? "–" },
    { name: "State", render: ({ properties }) => <StateBadge state={properties.provisioningState} /> },
    {
      name: "Trouble",
      width: "2fr",
      render: ({ properties }) => properties.deleteCertificateError?.message ?? "–",
    },
    removal.column,
  ];
  return (
    <AccountPage
      title="Certificates"
      kind="Batch account"
      actions={
        <ActionButton
          name="Add certificate"
          isPrimary
          missing={may.action("Microsoft.Batch/batchAccounts/certificates/write")}
          onPress={() => setAdding(true)}
        />
      }
      commands={{
        lines: [
          "az batch certificate list",
          `az batch certificate create --certificate-file cert.pem --thumbprint SHA1`,
        ],
        request: `GET ${account?.id ?? ""}/certificates?api-version=2024-07-01`,
      }}
    >
      <RefusalNotice error={error} />
      {removal.notices}
      <DataTable
        label={`Certificates of ${name}`}
        columns={columns}
        items={data}
        keyOf={({ id }) => id}
        empty={
          <EmptyList
            text="There is no certificate here. Azure recommends secrets of a key vault instead."
            command="az batch certificate create --certificate-file cert.pfx --thumbprint THUMBPRINT --password PASSWORD"
          />
        }
      />
      {isAdding && account && (
        <AddCertificate
          account={account}
          onClose={() => {
            setAdding(false);
            void changed();
          }}
        />
      )}
    </AccountPage>
  );
}

const FILE_MAX = 100_000;

function AddCertificate({ account, onClose }: { readonly account: BatchAccount; onClose(): void }) {
  const [file, setFile] = useState<File>();
  const [thumbprint, setThumbprint] = useState("");
  const [password, setPassword] = useState("");
  const isPfx = /\.(pfx|p12)$/i.test(file?.name ?? "");
  const adding = useMutation({
    meta: { notice: "Add a certificate" },
    mutationFn: async () => {
      if (file === undefined) return;
      if (file.size > FILE_MAX) throw new Error("A certificate's file has at most 100 kB.");
      const data = base64(new Uint8Array(await file.arrayBuffer()));
      await certificateAdd(account, { thumbprint, data, format: isPfx ? "Pfx" : "Cer", password });
    },
    onSuccess: onClose,
  });
  return (
    <FormDialog
      isOpen
      title="Add certificate"
      submit="Add"
      isPending={adding.isPending}
      isIncomplete={file === undefined || thumbprint === ""}
      error={adding.error}
      onSubmit={() => adding.mutate()}
      onClose={onClose}
    >
      <label className="field">
        <span className="label">A .cer or .pfx file</span>
        <input
          type="file"
          accept=".cer,.pfx,.p12,.pem,.crt"
          onChange={({ currentTarget }) => setFile(currentTarget.files?.[0])}
        />
      </label>
      <TextBox label="Thumbprint (SHA-1)" value={thumbprint} onChange={setThumbprint} isRequired />
      {isPfx && <TextBox label="Password" type="password" value={password} onChange={setPassword} />}
    </FormDialog>
  );
}

const base64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
