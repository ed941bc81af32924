/** Access control (IAM) at a scope: who holds which role, which roles there are, and what somebody may do. */
import { useParams } from "@tanstack/react-router";
import { useAccount } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import type { Commands } from "../../parts/as-command.tsx";
import { useListSearch, useSetListSearch } from "../../parts/list/list-filter.tsx";
import { useMay } from "../../parts/may.ts";
import { MissingNotice } from "../../parts/missing-notice.tsx";
import { Page } from "../../parts/page.tsx";
import { TabList } from "../../parts/tab-list.tsx";
import { CheckAccess } from "./check-access.tsx";
import { DenyAssignments } from "./deny-assignments.tsx";
import { NewRole } from "./new-role.tsx";
import { RoleAssignments } from "./role-assignments.tsx";
import { Roles } from "./roles.tsx";

const TABS = [
  ["check", "Check access"],
  ["assignments", "Role assignments"],
  ["roles", "Roles"],
  ["deny", "Deny assignments"],
] as const;

/** What each tab reads. Whoever asks may always check their own access. */
const NEEDED: Readonly<Record<string, readonly [permission: string, what: string]>> = {
  assignments: ["Microsoft.Authorization/roleAssignments/read", "role assignments here"],
  roles: ["Microsoft.Authorization/roleDefinitions/read", "roles here"],
  "new-role": ["Microsoft.Authorization/roleDefinitions/read", "roles here"],
  deny: ["Microsoft.Authorization/denyAssignments/read", "deny assignments here"],
};

const TITLE = "Access control (IAM)";

export function AccountAccess() {
  const account = useAccount();
  return (
    <AccountPage title={TITLE} kind="Batch account" commands={commandsAt(account?.id ?? "SCOPE")}>
      {account && <AccessTabs scope={account.id} />}
    </AccountPage>
  );
}

export function SubscriptionAccess() {
  const { subscription = "" } = useParams({ strict: false });
  const scope = `/subscriptions/${subscription}`;
  return (
    <Page
      title={TITLE}
      kind="Subscription"
      trail={[["/subscriptions", "Subscriptions and groups"]]}
      commands={commandsAt(scope)}
    >
      <p>
        Subscription <code>{subscription}</code>: roles given here hold in all its resource groups and
        accounts.
      </p>
      <AccessTabs scope={scope} />
    </Page>
  );
}

export function GroupAccess() {
  const { subscription = "", group = "" } = useParams({ strict: false });
  const scope = `/subscriptions/${subscription}/resourceGroups/${group}`;
  return (
    <Page
      title={TITLE}
      kind="Resource group"
      trail={[
        ["/subscriptions", "Subscriptions and groups"],
        [`/subscriptions/${subscription}/access`, "Subscription"],
      ]}
      commands={commandsAt(scope)}
    >
      <p>
        Resource group <strong>{group}</strong>: roles given here hold for everything in it.
      </p>
      <AccessTabs scope={scope} />
    </Page>
  );
}

const commandsAt = (scope: string): Commands => ({
  lines: ["./bin/batchyard.js role list", `az role assignment list --scope ${scope}`],
  request: `GET ${scope}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01`,
});

function AccessTabs({ scope }: { readonly scope: string }) {
  const { tab = "assignments" } = useListSearch();
  const set = useSetListSearch();
  const [permission, what] = NEEDED[tab] ?? [];
  const needed = useMay(scope).action(permission ?? "");
  const missing = permission === undefined ? undefined : needed;
  return (
    <>
      <TabList
        label="Access control"
        tabs={TABS}
        chosen={tab === "new-role" ? "roles" : tab}
        onChoose={(chosen) => set({ tab: chosen, selected: "", text: "" })}
      />
      {missing ? (
        <MissingNotice what={what ?? ""} missing={missing} />
      ) : (
        <>
          {tab === "assignments" && <RoleAssignments scope={scope} />}
          {tab === "roles" && <Roles scope={scope} />}
          {tab === "new-role" && <NewRole scope={scope} />}
          {tab === "check" && <CheckAccess scope={scope} />}
          {tab === "deny" && <DenyAssignments scope={scope} />}
        </>
      )}
    </>
  );
}
