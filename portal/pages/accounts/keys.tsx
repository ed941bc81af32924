/** The account's two keys: shown on demand, copied, made anew. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { keyRegenerate, keysList } from "../../api/resource-manager.ts";
import { useAccount, useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { ActionButton } from "../../parts/action-button.tsx";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";

const NAMES = [
  ["Primary", "primary"],
  ["Secondary", "secondary"],
] as const;

export function AccountKeys() {
  const name = useAccountName();
  const account = useAccount();
  const may = useMayHere();
  const id = account?.id ?? "";
  // Not a query: what is cached would still be there after the page is left.
  const keys = useMutation({ mutationFn: () => keysList(id) });
  const regenerate = useMutation({
    meta: { notice: "Regenerate an account key" },
    mutationFn: (which: "Primary" | "Secondary") => keyRegenerate(id, which),
    onSuccess: () => keys.mutate(),
  });
  const [asked, setAsked] = useState<"Primary" | "Secondary">();
  return (
    <AccountPage
      title="Keys"
      kind="Batch account"
      trail={[]}
      actions={
        <ActionButton
          name="Show keys"
          isPrimary
          isDisabled={account === undefined}
          missing={may.action("Microsoft.Batch/batchAccounts/listKeys/action")}
          onPress={() => keys.mutate()}
        />
      }
      commands={{
        lines: [
          `./bin/batchyard.js account keys ${name}`,
          `az batch account keys list -n ${name} -g ${id.split("/")[4] ?? "GROUP"}`,
        ],
        request: `POST ${id}/listKeys?api-version=2024-07-01`,
      }}
    >
      <p>Whoever holds a key may do everything in this account, and no role is asked.</p>
      <RefusalNotice error={keys.error ?? regenerate.error} />
      {NAMES.map(([label, property]) => (
        <section key={label} className="card" aria-label={`${label} access key`}>
          <h2>{label} access key</h2>
          <p className="command-line">
            <code>{keys.data?.[property] ?? "••••••••"}</code>
            {keys.data && <CopyButton value={keys.data[property]} name={`${label} access key`} />}
          </p>
          <ActionButton
            name={`Regenerate ${label.toLowerCase()}`}
            isDisabled={account === undefined}
            missing={may.action("Microsoft.Batch/batchAccounts/regenerateKeys/action")}
            onPress={() => setAsked(label)}
          />
        </section>
      ))}
      <ConfirmDialog
        isOpen={asked !== undefined}
        title={`Regenerate the ${asked?.toLowerCase()} key?`}
        confirm="Regenerate"
        onConfirm={() => asked && regenerate.mutate(asked)}
        onClose={() => setAsked(undefined)}
      >
        Programs that sign with the old key are refused from then on.
      </ConfirmDialog>
    </AccountPage>
  );
}
