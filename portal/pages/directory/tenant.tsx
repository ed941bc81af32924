/** The tenant's properties, with the id that programs need. */
import { useQuery } from "@tanstack/react-query";
import { organization } from "../../api/directory.ts";
import { Essentials } from "../../parts/essentials.tsx";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";

export function Tenant() {
  const { data, error } = useQuery({ queryKey: ["organization"], queryFn: organization });
  return (
    <Page
      title="Properties"
      kind="Azure Active Directory"
      commands={{
        lines: ["./bin/batchyard.js tenant show", "az account show --query tenantId"],
        request: "GET https://graph.microsoft.com/v1.0/organization",
      }}
    >
      <RefusalNotice error={error} />
      {data && (
        <Essentials
          facts={[
            { name: "Name", value: data.displayName },
            { name: "Directory (tenant) ID", value: data.id, isCopied: true },
            { name: "Domains", value: data.verifiedDomains?.map(({ name }) => name).join(", ") },
          ]}
        />
      )}
    </Page>
  );
}
