/** An application's ids, as programs need them. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { WRITE_APPLICATIONS } from "../../../src/wire/graph/access.ts";
import { applicationDelete, servicePrincipalOf } from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { ApplicationPage } from "./application-page.tsx";

const AUDIENCES: Readonly<Record<string, string>> = {
  AzureADMyOrg: "My organization only",
  AzureADMultipleOrgs: "Multiple organizations",
};

export function ApplicationOverview() {
  const { user } = useRouter().options.context;
  const missing = useMayInDirectory()(WRITE_APPLICATIONS);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const removing = useMutation({
    mutationFn: applicationDelete,
    meta: { notice: "Delete an application" },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["applications"] });
      await navigate({ to: "/applications" });
    },
  });
  return (
    <ApplicationPage
      title="Overview"
      actions={() => <ActionButton name="Delete" missing={missing} onPress={() => setAsked(true)} />}
      commands={({ appId }) => ({
        lines: [`./bin/batchyard.js app show ${appId}`, `az ad app show --id ${appId}`],
        request: `GET https://graph.microsoft.com/v1.0/applications?$filter=appId eq '${appId}'`,
      })}
    >
      {({ id, appId, displayName, signInAudience, ...platforms }) => (
        <>
          <Essentials
            facts={[
              { name: "Display name", value: displayName },
              { name: "Application (client) ID", value: appId, isCopied: true },
              { name: "Object ID", value: id, isCopied: true },
              { name: "Directory (tenant) ID", value: user.tenantId, isCopied: true },
              { name: "Supported account types", value: AUDIENCES[signInAudience] ?? signInAudience },
              {
                name: "Redirect URIs",
                value: (["web", "spa", "publicClient"] as const)
                  .flatMap((platform) => platforms[platform].redirectUris)
                  .join(", "),
              },
              { name: "Enterprise application", value: <EnterpriseApplication appId={appId} /> },
            ]}
          />
          <RefusalNotice error={removing.error} />
          <ConfirmDialog
            isOpen={isAsked}
            title={`Delete ${displayName}?`}
            confirm="Delete"
            onConfirm={() => removing.mutate(id)}
            onClose={() => setAsked(false)}
          >
            Programs that sign in as this application are refused from then on.
          </ConfirmDialog>
        </>
      )}
    </ApplicationPage>
  );
}

function EnterpriseApplication({ appId }: { readonly appId: string }) {
  const { data } = useQuery({
    queryKey: ["service-principal", appId],
    queryFn: async () => (await servicePrincipalOf(appId)) ?? null,
  });
  if (!data) return <>–</>;
  return (
    <Link to="/enterprise-applications/$principal" params={{ principal: data.id }}>
      {data.id}
    </Link>
  );
}
