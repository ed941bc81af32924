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
import { FormDialog } from "../../parts/form-dialog.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { useRemoval } from "../../parts/list/removal.tsx";
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
  const { data, error } = useQuery({
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
  const removal = useRemoval<Application>({
    what: "an application with its packages",
    remove: applicationDelete,
    changed,
    ask: (application) => ({
      title: `Delete ${application.name}?`,
      text: "One that has packages stays until they are deleted.",
    }),
  });
  const group = account?.id.split("/")[4] ?? "GROUP";
  const create = `az batch application create -n ${name} -g ${group} --application-name NAME`;
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
          create,
          `az batch application package create -n ${name} -g ${group} --application-name NAME --version-name 1.0 --package-file app.zip`,
        ],
        request: `GET ${account?.id ?? ""}/applications?api-version=2024-07-01`,
      }}
    >
      <RefusalNotice error={error} />
      {removal.notices}
      {data?.length === 0 && (
        <EmptyList
          text="There is no application here. Its packages are zip archives that nodes and tasks name, and find unpacked."
          command={create}
        />
      )}
      {data?.map((application) => (
        <PackageList
          key={application.id}
          application={application}
          onChanged={() => void changed()}
          onDelete={() => removal.press(application)}
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
    </AccountPage>
  );
}
