/** Who answers for an application. */
import { WRITE_APPLICATIONS } from "../../../src/wire/graph/access.ts";
import { ReferenceList } from "../directory/reference-list.tsx";
import { ApplicationPage } from "./application-page.tsx";

export function Owners() {
  return (
    <ApplicationPage
      title="Owners"
      commands={({ appId, id }) => ({
        lines: [`az ad app owner list --id ${appId}`],
        request: `GET https://graph.microsoft.com/v1.0/applications/${id}/owners`,
      })}
    >
      {({ id }) => (
        <ReferenceList
          name="Owners"
          one="owner"
          list={`applications/${id}/owners`}
          access={WRITE_APPLICATIONS}
          types={["User", "ServicePrincipal"]}
          empty={{
            text: "There are none. An owner may change the application without a directory role.",
            command: `az ad app owner add --id ${id} --owner-object-id USER`,
          }}
        />
      )}
    </ApplicationPage>
  );
}
