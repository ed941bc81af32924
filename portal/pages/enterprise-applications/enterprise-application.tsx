/** One service principal: its ids, what was consented to and by whom, and who holds its application's roles. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { WRITE_APP_ROLES, WRITE_CONSENT } from "../../../src/wire/graph/access.ts";
import {
  type AppRoleAssignment,
  appRoleGive,
  appRoleHoldersOf,
  appRolesOf,
  appRoleTake,
  grantDelete,
  grantsOf,
  objectsByIds,
  type ServicePrincipal,
  servicePrincipal,
} from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { useRemoval } from "../../parts/list/removal.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { MemberBox } from "../../parts/member-box.tsx";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { originOf } from "./principal-origin.ts";

export function EnterpriseApplication() {
  const { principal: id = "" } = useParams({ strict: false });
  const { tenantId } = useRouter().options.context.user;
  const { data, error } = useQuery({
    queryKey: ["service-principal-by-id", id],
    queryFn: () => servicePrincipal(id),
  });
  return (
    <Page
      title={data?.displayName ?? id}
      kind={data && originOf(data, tenantId)}
      trail={[["/enterprise-applications", "Enterprise applications"]]}
      commands={{
        lines: [`az ad sp show --id ${id}`],
        request: `GET https://graph.microsoft.com/v1.0/servicePrincipals/${id}`,
      }}
    >
      <RefusalNotice error={error} />
      {data && (
        <>
          <Essentials
            facts={[
              { name: "Name", value: data.displayName },
              { name: "Application ID", value: data.appId, isCopied: true },
              { name: "Object ID", value: data.id, isCopied: true },
              { name: "Registered in tenant", value: data.appOwnerOrganizationId ?? undefined },
            ]}
          />
          {data.appOwnerOrganizationId === tenantId && (
            <p>
              <Link to="/applications/$appId" params={{ appId: data.appId }}>
                Its registration
              </Link>
            </p>
          )}
          <Consents principalId={data.id} />
          {data.servicePrincipalType !== "ManagedIdentity" && <RoleHolders principal={data} />}
        </>
      )}
    </Page>
  );
}

interface Consent {
  readonly key: string;
  readonly api: string;
  readonly permission: string;
  readonly by: string;
  /** Absent for an app role, which its own API's page takes away. */
  readonly grantId?: string;
}

const name = (objects: Awaited<ReturnType<typeof objectsByIds>>, id: string) =>
  objects.find((each) => each.id === id)?.displayName ?? id;

async function consentsOf(principalId: string): Promise<Consent[]> {
  const [grants, roles] = await Promise.all([grantsOf(principalId), appRolesOf(principalId)]);
  const ids = [...grants, ...roles].map(({ resourceId }) => resourceId);
  const users = grants.flatMap(({ principalId: user }) => user ?? []);
  const objects = ids.length === 0 ? [] : await objectsByIds([...new Set([...ids, ...users])]);
  const apis = await Promise.all(
    [...new Set(roles.map(({ resourceId }) => resourceId))].map((id) => servicePrincipal(id)),
  );
  const roleName = ({ resourceId, appRoleId }: AppRoleAssignment) =>
    apis.find(({ id }) => id === resourceId)?.appRoles.find(({ id }) => id === appRoleId)?.value ?? appRoleId;
  return [
    ...grants.map(({ id, resourceId, scope, principalId: user }) => ({
      key: id,
      api: name(objects, resourceId),
      permission: scope,
      by: user === null ? "An administrator, for everybody" : name(objects, user),
      grantId: id,
    })),
    ...roles.map((role) => ({
      key: role.id,
      api: name(objects, role.resourceId),
      permission: roleName(role),
      by: "An administrator, for the application itself",
    })),
  ];
}

function Consents({ principalId }: { readonly principalId: string }) {
  const queries = useQueryClient();
  const missing = useMayInDirectory()(WRITE_CONSENT);
  const key = ["consents", principalId];
  const { data, error } = useQuery({ queryKey: key, queryFn: () => consentsOf(principalId) });
  const revoking = useMutation({
    meta: { notice: "Revoke a consent" },
    mutationFn: grantDelete,
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  });
  const columns: readonly Column<Consent>[] = [
    { name: "API", minWidth: 160, render: ({ api }) => api },
    { name: "Permission", width: "2fr", minWidth: 180, render: ({ permission }) => permission },
    { name: "Consented by", width: "2fr", minWidth: 200, render: ({ by }) => by },
    {
      name: "Revoke",
      minWidth: 110,
      width: 120,
      render: ({ grantId }) =>
        grantId && <ActionButton name="Revoke" missing={missing} onPress={() => revoking.mutate(grantId)} />,
    },
  ];
  return (
    <section className="section" aria-label="Permissions">
      <h2>Permissions</h2>
      <RefusalNotice error={error ?? revoking.error} />
      {data && (
        <DataTable
          label="Permissions"
          columns={columns}
          items={data}
          keyOf={({ key: id }) => id}
          empty={
            <EmptyList
              text="Nobody has consented to anything. An administrator consents for everybody."
              command="az ad app permission admin-consent --id APP-ID"
            />
          }
        />
      )}
    </section>
  );
}

/** What Graph calls a place among an application's users without a role. */
const NO_ROLE = "00000000-0000-0000-0000-000000000000";

function RoleHolders({ principal }: { readonly principal: ServicePrincipal }) {
  const queries = useQueryClient();
  const missing = useMayInDirectory()(WRITE_APP_ROLES);
  const [isAdding, setAdding] = useState(false);
  const key = ["role-holders", principal.id];
  const { data, error } = useQuery({ queryKey: key, queryFn: () => appRoleHoldersOf(principal.id) });
  const changed = () => queries.invalidateQueries({ queryKey: key });
  const removal = useRemoval<AppRoleAssignment>({
    verb: "Remove",
    what: "an app role",
    missing,
    remove: ({ id }) => appRoleTake(principal.id, id),
    changed,
  });
  const roleName = (id: string) =>
    principal.appRoles.find((role) => role.id === id)?.displayName ?? "Default access";
  const columns: readonly Column<AppRoleAssignment>[] = [
    {
      name: "Name",
      width: "2fr",
      minWidth: 150,
      render: ({ principalDisplayName, principalId }) => principalDisplayName ?? principalId,
    },
    { name: "Type", render: ({ principalType }) => principalType },
    { name: "Role", minWidth: 160, render: ({ appRoleId }) => roleName(appRoleId) },
    removal.column,
  ];
  return (
    <section className="section" aria-label="Users and groups">
      <div className="section-bar">
        <h2>Users and groups</h2>
        <ActionButton name="Add assignment" missing={missing} onPress={() => setAdding(true)} />
      </div>
      <RefusalNotice error={error} />
      {removal.notices}
      {data && (
        <DataTable
          label="Users and groups"
          columns={columns}
          items={data}
          keyOf={({ id }) => id}
          empty={
            <EmptyList
              text="Nobody holds a role of this application. Roles that are given here stand in its tokens."
              command={`az rest --method post --url "https://graph.microsoft.com/v1.0/servicePrincipals/${principal.id}/appRoleAssignedTo" --body @assignment.json`}
            />
          }
        />
      )}
      {isAdding && (
        <GiveRoleDialog
          principal={principal}
          onClose={() => {
            setAdding(false);
            void changed();
          }}
        />
      )}
    </section>
  );
}

function GiveRoleDialog({ principal, onClose }: { readonly principal: ServicePrincipal; onClose(): void }) {
  const [member, setMember] = useState("");
  const [role, setRole] = useState(principal.appRoles[0]?.id ?? NO_ROLE);
  const giving = useMutation({
    meta: { notice: "Assign an app role" },
    mutationFn: () => appRoleGive(principal.id, member, role),
    onSuccess: onClose,
  });
  return (
    <FormDialog
      isOpen
      title="Add assignment"
      submit="Assign"
      isPending={giving.isPending}
      isIncomplete={member === ""}
      error={giving.error}
      onSubmit={() => giving.mutate()}
      onClose={onClose}
    >
      <MemberBox label="Select" chosen={member} onChoose={setMember} />
      <Choice
        label="Role"
        value={role}
        options={
          principal.appRoles.length === 0
            ? [[NO_ROLE, "Default access"]]
            : principal.appRoles.map(({ id, displayName }) => [id, displayName])
        }
        onChange={setRole}
      />
    </FormDialog>
  );
}
