/** One managed identity: what programs call it, the pools whose nodes have it, and the roles that it holds. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import {
  accountsList,
  assignmentsOf,
  identityRead,
  managedPoolsList,
  type RoleAssignment,
  rolesList,
} from "../../api/resource-manager.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { useMay } from "../../parts/may.ts";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { identityId } from "./identity-place.ts";
import { NewPoolDialog } from "./new-pool-dialog.tsx";

const TOKEN_LINE =
  "curl -s 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://batch.core.windows.net/' -H Metadata:true";

export function Identity() {
  const id = identityId(useParams({ strict: false }));
  const [isAdding, setAdding] = useState(false);
  const { data, error } = useQuery({ queryKey: ["identity", id], queryFn: () => identityRead(id) });
  const may = useMay(data?.id);
  return (
    <Page
      title={data?.name ?? id.split("/").at(-1) ?? ""}
      kind="Managed identity"
      trail={[["/identities", "Managed identities"]]}
      actions={
        <ActionButton
          name="Create a pool with it"
          isPrimary
          missing={may.action("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action")}
          onPress={() => setAdding(true)}
        />
      }
      commands={{
        lines: [`az identity show --ids ${id}`],
        request: `GET ${id}?api-version=2023-01-31`,
      }}
    >
      <RefusalNotice error={error} />
      {data && (
        <>
          <Essentials
            facts={[
              { name: "Client ID", value: data.properties.clientId, isCopied: true },
              { name: "Object (principal) ID", value: data.properties.principalId, isCopied: true },
              { name: "Resource group", value: data.id.split("/")[4] },
              { name: "Resource ID", value: data.id, isCopied: true },
            ]}
          />
          <Pools identityId={data.id} />
          <p>A task on a node of such a pool gets a token with this line, or with any library of Azure's:</p>
          <p className="command-line">
            <code>{TOKEN_LINE}</code>
            <CopyButton value={TOKEN_LINE} name="the command" />
          </p>
          <Roles identityId={data.id} principalId={data.properties.principalId} />
        </>
      )}
      {data && isAdding && <NewPoolDialog identityId={data.id} onClose={() => setAdding(false)} />}
    </Page>
  );
}

interface Use {
  readonly account: string;
  readonly pool: string;
}

/** In the accounts that the user may read. */
async function usesOf(identity: string): Promise<Use[]> {
  const accounts = await accountsList();
  const lists = await Promise.all(
    accounts.map(async ({ id, name: account }) => {
      const pools = await managedPoolsList(id).catch(() => []);
      return pools
        .filter((pool) =>
          Object.keys(pool.identity?.userAssignedIdentities ?? {}).some(
            (each) => each.toLowerCase() === identity.toLowerCase(),
          ),
        )
        .map(({ name }) => ({ account, pool: name }));
    }),
  );
  return lists.flat();
}

const USE_COLUMNS: readonly Column<Use>[] = [
  {
    name: "Pool",
    width: "2fr",
    render: ({ account, pool }) => (
      <Link to="/accounts/$account/pools/$pool" params={{ account, pool }} title={pool}>
        {pool}
      </Link>
    ),
  },
  { name: "Batch account", render: ({ account }) => account },
];

function Pools({ identityId: id }: { readonly identityId: string }) {
  const { data, error } = useQuery({ queryKey: ["identity-uses", id], queryFn: () => usesOf(id) });
  return (
    <section className="section" aria-label="Pools with it">
      <h2>Where it is used</h2>
      <RefusalNotice error={error} />
      {data && (
        <DataTable
          label="Pools with it"
          columns={USE_COLUMNS}
          items={data}
          keyOf={({ account, pool }) => `${account} ${pool}`}
          empty={<p className="nothing">No pool that you may read has it.</p>}
        />
      )}
    </section>
  );
}

interface HeldRole {
  readonly assignment: RoleAssignment;
  readonly role: string;
}

const ROLE_COLUMNS: readonly Column<HeldRole>[] = [
  { name: "Role", minWidth: 180, render: ({ role }) => role },
  {
    name: "Scope",
    width: "3fr",
    minWidth: 240,
    render: ({ assignment }) => assignment.properties.scope,
  },
];

async function heldRoles(subscription: string, principalId: string): Promise<HeldRole[]> {
  const [assignments, roles] = await Promise.all([
    assignmentsOf(subscription, principalId),
    rolesList(subscription),
  ]);
  return assignments.map((assignment) => {
    const name = assignment.properties.roleDefinitionId.split("/").at(-1)?.toLowerCase();
    const role = roles.find((each) => each.name.toLowerCase() === name);
    return { assignment, role: role?.properties.roleName ?? name ?? "" };
  });
}

interface RolesProps {
  readonly identityId: string;
  readonly principalId: string;
}

function Roles({ identityId: id, principalId }: RolesProps) {
  const subscription = id.split("/").slice(0, 3).join("/");
  const missing = useMay(subscription).action("Microsoft.Authorization/roleAssignments/read");
  const { data, error } = useQuery({
    queryKey: ["identity-roles", id],
    queryFn: () => heldRoles(subscription, principalId),
    enabled: missing === undefined,
  });
  return (
    <section className="section" aria-label="Azure role assignments">
      <h2>Azure role assignments</h2>
      <RefusalNotice error={error} />
      {missing && <p className="nothing">You may not read role assignments in this subscription.</p>}
      {data && (
        <DataTable
          label="Azure role assignments"
          columns={ROLE_COLUMNS}
          items={data}
          keyOf={({ assignment }) => assignment.id}
          empty={
            <p className="nothing">
              It holds no role yet: it gets tokens, and is refused with them. Roles are given under Access
              control (IAM) of what it is to reach.
            </p>
          }
        />
      )}
    </section>
  );
}
