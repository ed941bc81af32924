/** Applications of a Batch account, each with its packages: uploaded with their progress, activated, removed. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type Application,
  applicationCreate,
  applicationDelete,
  applicationsList,
} from "../../api/packages.ts";
import { useAccount, useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { ActionButton } from "../../parts/action-button.tsx";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";
import { PackageList } from "./package-list.tsx";

export function AccountApplications() {
  const name = useAccountName();
  const account = useAccount();
  const may = useMayHere();
  const queries = useQueryClient();
  const [isAdding, setAdding] = useState(false);
  const [id, setId] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [asked, setAsked] = useState<Application>();
  const { data = [], error } = useQuery({
    queryKey: ["batch-applications", account?.id],
    queryFn: () => (account ? applicationsList(account) : []),
    enabled: account !== undefined,
  });
  const changed = () => queries.invalidateQueries({ queryKey: ["batch-applications", account?.id] });
  const adding = useMutation({
    meta: { notice: `Add the application ${id}` },
    mutationFn: async () => account && applicationCreate(account, id, displayName),
    onSuccess: async () => {
      setAdding(false);
      setId("");
      setDisplayName("");
      await changed();
    },
  });
  const removing = useMutation({
    meta: { notice: "Delete an application with its packages" },
    mutationFn: applicationDelete,
    onSettled: changed,
  });
  return (
    <AccountPage
      title="Applications"
      kind="Batch account"
      actions={
        <ActionButton
          name="Add application"
          isPrimary
          missing={may.action("Microsoft.Batch/batchAccounts/applications/write")}
          onPress={() => setAdding(true)}
        />
      }
      commands={{
        lines: [
          `az batch application create -n ${name} -g ${account?.id.split("/")[4] ?? "GROUP"} --application-name NAME`,
          `az batch application package create -n ${name} -g ${account?.id.split("/")[4] ?? "GROUP"} --application-name NAME --version-name 1.0 --package-file app.zip`,
        ],
        request: `GET ${account?.id ?? ""}/applications?api-version=2024-07-01`,
      }}
    >
      <RefusalNotice error={error ?? removing.error} />
      {data.length === 0 && (
        <p className="nothing">
          There is no application here. Its packages are zip archives that nodes and tasks name, and find
          unpacked.
        </p>
      )}
      {data.map((application) => (
        <PackageList
          key={application.id}
          application={application}
          onChanged={() => void changed()}
          onDelete={() => setAsked(application)}
        />
      ))}
      <FormDialog
        isOpen={isAdding}
        title="Add application"
        submit="Add"
        isPending={adding.isPending}
        isIncomplete={id === ""}
        error={adding.error}
        onSubmit={() => adding.mutate()}
        onClose={() => setAdding(false)}
      >
        <TextBox label="Application ID" value={id} onChange={setId} isRequired isFirst />
        <TextBox label="Display name" value={displayName} onChange={setDisplayName} />
      </FormDialog>
      <ConfirmDialog
        isOpen={asked !== undefined}
        title={`Delete ${asked?.name}?`}
        confirm="Delete"
        onConfirm={() => asked && removing.mutate(asked)}
        onClose={() => setAsked(undefined)}
      >
        One that has packages stays until they are deleted.
      </ConfirmDialog>
    </AccountPage>
  );
}
