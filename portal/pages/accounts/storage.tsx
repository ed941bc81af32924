/** The storage account in which the account keeps packages and what tasks are given. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { storageAccountsList, storageKeysSync } from "../../api/batch-account.ts";
import type { BatchAccount } from "../../api/resource-manager.ts";
import { useAccountName, useMayHere } from "../../parts/account.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { AccountChangePage } from "./account-change.tsx";

export function AccountStorage() {
  const account = useAccountName();
  const [wanted, setWanted] = useState<string>();
  return (
    <AccountChangePage
      title="Storage account"
      line={`az batch account set -n ${account} -g GROUP --storage-account STORAGE_ACCOUNT_ID`}
      changeOf={({ properties: { autoStorage } }) =>
        wanted && wanted.toLowerCase() !== autoStorage?.storageAccountId.toLowerCase()
          ? { properties: { autoStorage: { storageAccountId: wanted } } }
          : undefined
      }
    >
      {(resource) => <Storage account={resource} wanted={wanted} onWant={setWanted} />}
    </AccountChangePage>
  );
}

interface Props {
  readonly account: BatchAccount;
  readonly wanted: string | undefined;
  onWant(id: string): void;
}

function Storage({ account, wanted, onWant }: Props) {
  const missing = useMayHere().action("Microsoft.Batch/batchAccounts/syncAutoStorageKeys/action");
  const { data = [], error } = useQuery({
    queryKey: ["storage-accounts", account.id.split("/")[2]],
    queryFn: () => storageAccountsList(account),
  });
  const syncing = useMutation({
    meta: { notice: "Synchronize the storage account's keys" },
    mutationFn: () => storageKeysSync(account),
  });
  const now = account.properties.autoStorage?.storageAccountId;
  const chosen = data.find(({ id }) => id.toLowerCase() === (wanted ?? now ?? "").toLowerCase());
  return (
    <section className="card wide" aria-label="Storage account">
      <RefusalNotice error={error ?? syncing.error} />
      <Essentials
        facts={[{ name: "Auto-storage account", value: now ?? "None", isCopied: now !== undefined }]}
      />
      <Choice
        label="Storage account"
        value={chosen?.id ?? ""}
        options={data.map(({ id, name, location }) => [id, `${name} (${location})`])}
        onChange={onWant}
      />
      <div className="section-actions">
        <ActionButton
          name="Fetch its keys again"
          isDisabled={now === undefined || syncing.isPending}
          missing={missing}
          onPress={() => syncing.mutate()}
        />
        <span aria-live="polite">{syncing.isSuccess ? "Fetched" : ""}</span>
      </div>
    </section>
  );
}
