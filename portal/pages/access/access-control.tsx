/** Access control (IAM) of a Batch account: who holds which role, which roles there are, and what somebody may do. */
import { useAccount } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { useListSearch, useSetListSearch } from "../../parts/list/list-filter.tsx";
import { TabList } from "../../parts/tab-list.tsx";
import { CheckAccess } from "./check-access.tsx";
import { RoleAssignments } from "./role-assignments.tsx";
import { Roles } from "./roles.tsx";

const TABS = [
  ["assignments", "Role assignments"],
  ["roles", "Roles"],
  ["check", "Check access"],
] as const;

export function AccountAccess() {
  const account = useAccount();
  const { tab = "assignments" } = useListSearch();
  const set = useSetListSearch();
  return (
    <AccountPage
      title="Access control (IAM)"
      kind="Batch account"
      commands={{
        lines: ["./bin/batchyard.js role list", `az role assignment list --scope ${account?.id ?? "SCOPE"}`],
        request: `GET ${account?.id ?? ""}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01`,
      }}
    >
      <TabList label="Access control" tabs={TABS} chosen={tab} onChoose={(chosen) => set({ tab: chosen })} />
      {account && tab === "assignments" && <RoleAssignments scope={account.id} />}
      {account && tab === "roles" && <Roles scope={account.id} />}
      {account && tab === "check" && <CheckAccess scope={account.id} />}
    </AccountPage>
  );
}
