/** Which APIs an application may use: what it asks for, and what was consented to. */

import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { WRITE_APPLICATIONS, WRITE_CONSENT } from "../../../src/wire/graph/access.ts";
import {
  type Application,
  applicationUpdate,
  appRoleAssign,
  appRolesOf,
  grantCreate,
  grantsOf,
  grantUpdate,
  type ServicePrincipal,
  servicePrincipalOf,
} from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { AddPermissionDialog } from "./add-permission-dialog.tsx";
import { ApplicationPage } from "./application-page.tsx";

export function ApiPermissions() {
  const [isAdding, setAdding] = useState(false);
  const missing = useMayInDirectory()(WRITE_APPLICATIONS);
  return (
    <ApplicationPage
      title="API permissions"
      actions={() => (
        <ActionButton name="Add a permission" isPrimary missing={missing} onPress={() => setAdding(true)} />
      )}
      commands={({ appId }) => ({
        lines: [
          `./bin/batchyard.js app permission add ${appId} --api ddbf3205-c6bd-46ae-8127-60eb93363864`,
          `./bin/batchyard.js app consent ${appId}`,
          `az ad app permission admin-consent --id ${appId}`,
        ],
        request: `PATCH https://graph.microsoft.com/v1.0/applications(appId='${appId}')`,
      })}
    >
      {(application) => (
        <Permissions application={application} isAdding={isAdding} onClose={() => setAdding(false)} />
      )}
    </ApplicationPage>
  );
}

interface Row {
  readonly key: string;
  readonly api: ServicePrincipal | undefined;
  readonly resourceAppId: string;
  readonly id: string;
  readonly type: "Scope" | "Role";
  readonly name: string;
  readonly description: string;
}

interface Props {
  readonly application: Application;
  readonly isAdding: boolean;
  onClose(): void;
}

function Permissions({ application, isAdding, onClose }: Props) {
  const queries = useQueryClient();
  const may = useMayInDirectory();
  const rows = useRows(application);
  const { data: consent, error } = useConsent(application);
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: ["application", application.appId] });
    await queries.invalidateQueries({ queryKey: ["consent", application.appId] });
  };
  const granting = useMutation({
    meta: { notice: "Grant admin consent" },
    mutationFn: () => grantAll(rows, consent),
    onSuccess: changed,
  });
  const removing = useMutation({
    meta: { notice: "Remove an API permission" },
    mutationFn: ({ resourceAppId, id }: Row) =>
      applicationUpdate(application.id, {
        requiredResourceAccess: application.requiredResourceAccess
          .map((each) =>
            each.resourceAppId === resourceAppId
              ? { ...each, resourceAccess: each.resourceAccess.filter((access) => access.id !== id) }
              : each,
          )
          .filter(({ resourceAccess }) => resourceAccess.length > 0),
      }),
    onSuccess: changed,
  });
  const columns: readonly Column<Row>[] = [
    { name: "API", minWidth: 160, render: ({ api, resourceAppId }) => api?.displayName ?? resourceAppId },
    { name: "Permission", minWidth: 150, render: ({ name }) => name },
    {
      name: "Type",
      render: ({ type }) => (type === "Scope" ? "Delegated" : "Application"),
    },
    { name: "Description", width: "2fr", minWidth: 150, render: ({ description }) => description },
    {
      name: "Status",
      minWidth: 120,
      render: (row) => <StateBadge state={isConsented(row, consent) ? "Granted" : "Not granted"} />,
    },
    {
      name: "Remove",
      minWidth: 110,
      width: 120,
      render: (row) => (
        <ActionButton name="Remove" missing={may(WRITE_APPLICATIONS)} onPress={() => removing.mutate(row)} />
      ),
    },
  ];
  return (
    <>
      <p>
        Applications may call APIs when users or administrators have consented to it. What the user themselves
        may do there, roles decide.
      </p>
      <RefusalNotice error={error ?? granting.error ?? removing.error} />
      <div>
        <ActionButton
          name="Grant admin consent"
          missing={may(WRITE_CONSENT)}
          isDisabled={consent === undefined || granting.isPending}
          onPress={() => granting.mutate()}
        />
      </div>
      <DataTable
        label="Configured permissions"
        columns={columns}
        items={rows}
        keyOf={({ key }) => key}
        empty={<p className="nothing">No permissions are configured.</p>}
      />
      <AddPermissionDialog
        application={application}
        isOpen={isAdding}
        onClose={() => {
          onClose();
          void changed();
        }}
      />
    </>
  );
}

/** What the application asks for, with the names that each API gives it. */
function useRows({ requiredResourceAccess }: Application): Row[] {
  const apis = useQueries({
    queries: requiredResourceAccess.map(({ resourceAppId }) => ({
      queryKey: ["service-principal", resourceAppId],
      queryFn: async () => (await servicePrincipalOf(resourceAppId)) ?? null,
    })),
  });
  return requiredResourceAccess.flatMap(({ resourceAppId, resourceAccess }, index) => {
    const api = apis[index]?.data ?? undefined;
    return resourceAccess.map(({ id, type }) => {
      const scope = api?.oauth2PermissionScopes.find((each) => each.id === id);
      const role = api?.appRoles.find((each) => each.id === id);
      return {
        key: `${resourceAppId}/${id}`,
        api,
        resourceAppId,
        id,
        type,
        name: scope?.value ?? role?.value ?? id,
        description: scope?.adminConsentDisplayName ?? role?.displayName ?? "",
      };
    });
  });
}

async function consentOf(appId: string) {
  const own = await servicePrincipalOf(appId);
  if (own === undefined) return null;
  const [grants, roles] = await Promise.all([grantsOf(own.id), appRolesOf(own.id)]);
  return { principalId: own.id, grants, roles };
}

type Consent = Awaited<ReturnType<typeof consentOf>> | undefined;

const useConsent = ({ appId }: Application) =>
  useQuery({ queryKey: ["consent", appId], queryFn: () => consentOf(appId) });

function isConsented({ api, type, id, name }: Row, consent: Consent): boolean {
  if (!consent || api === undefined) return false;
  if (type === "Role")
    return consent.roles.some(({ resourceId, appRoleId }) => resourceId === api.id && appRoleId === id);
  return consent.grants.some(
    ({ resourceId, consentType, scope }) =>
      resourceId === api.id && consentType === "AllPrincipals" && scope.split(" ").includes(name),
  );
}

/** For everybody in the tenant, everything that is asked for. */
async function grantAll(rows: readonly Row[], consent: Consent): Promise<void> {
  if (!consent) throw new Error("The application has no service principal in this tenant.");
  const { principalId: clientId, grants } = consent;
  const missing = rows.filter((row) => row.api !== undefined && !isConsented(row, consent));
  for (const { api, id } of missing.filter(({ type }) => type === "Role"))
    if (api) await appRoleAssign(clientId, api.id, id);
  const byApi = Object.groupBy(
    missing.filter(({ type }) => type === "Scope"),
    ({ api }) => api?.id ?? "",
  );
  for (const [resourceId, those = []] of Object.entries(byApi)) {
    const names = those.map(({ name }) => name);
    const grant = grants.find(
      (each) => each.resourceId === resourceId && each.consentType === "AllPrincipals",
    );
    if (grant) await grantUpdate(grant.id, [grant.scope, ...names].join(" ").trim());
    else
      await grantCreate({
        clientId,
        consentType: "AllPrincipals",
        principalId: null,
        resourceId,
        scope: names.join(" "),
      });
  }
}
