/** A page on which something of the Batch account itself is changed. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type AccountChange, accountChange } from "../../api/batch-account.ts";
import type { BatchAccount } from "../../api/resource-manager.ts";
import { useAccount, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { ActionButton } from "../../parts/action-button.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";

interface Props {
  readonly title: string;
  readonly line: string;
  /** What would be changed; undefined while nothing would. */
  changeOf(account: BatchAccount): AccountChange | undefined;
  readonly children: (account: BatchAccount) => ReactNode;
}

export function AccountChangePage({ title, line, changeOf, children }: Props) {
  const account = useAccount();
  const missing = useMayHere().action("Microsoft.Batch/batchAccounts/write");
  const queries = useQueryClient();
  const saving = useMutation({
    meta: { notice: "Change the Batch account" },
    mutationFn: async () => {
      const change = account && changeOf(account);
      if (account && change) await accountChange(account, change);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["accounts"] }),
  });
  const change = account && changeOf(account);
  return (
    <AccountPage
      title={title}
      kind="Batch account"
      actions={
        <ActionButton
          name="Save"
          isPrimary
          isDisabled={change === undefined || saving.isPending}
          missing={missing}
          onPress={() => saving.mutate()}
        />
      }
      commands={{ lines: [line], request: `PATCH ${account?.id ?? ""}?api-version=2024-07-01` }}
    >
      <RefusalNotice error={saving.error} />
      {account && children(account)}
    </AccountPage>
  );
}
