/** Registers an application: its name, who may sign in, and where it is answered. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { Form } from "react-aria-components/Form";
import { GRAPH_APP_ID, GRAPH_USER_READ_ID } from "../../../src/wire/entra/first-party.ts";
import { WRITE_APPLICATIONS } from "../../../src/wire/graph/access.ts";
import { applicationCreate } from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";
import { PLATFORMS } from "./platforms.ts";

/** What the portal gives every application from the start. */
const USER_READ = {
  resourceAppId: GRAPH_APP_ID,
  resourceAccess: [{ id: GRAPH_USER_READ_ID, type: "Scope" }],
};

const AUDIENCES = [
  ["AzureADMyOrg", "Accounts in this organizational directory only (Single tenant)"],
  ["AzureADMultipleOrgs", "Accounts in any organizational directory (Multitenant)"],
] as const;

export function NewRegistration() {
  const [displayName, setName] = useState("");
  const [signInAudience, setAudience] = useState<string>("AzureADMyOrg");
  const [platform, setPlatform] = useState<string>("publicClient");
  const [uri, setUri] = useState("");
  const missing = useMayInDirectory()(WRITE_APPLICATIONS);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const registering = useMutation({
    mutationFn: () =>
      applicationCreate({
        displayName,
        signInAudience,
        requiredResourceAccess: [USER_READ],
        ...(uri !== "" && { [platform]: { redirectUris: [uri] } }),
      }),
    meta: { notice: `Register ${displayName}` },
    onSuccess: async ({ appId }) => {
      await queries.invalidateQueries({ queryKey: ["applications"] });
      await navigate({ to: "/applications/$appId", params: { appId } });
    },
  });
  return (
    <Page title="Register an application" trail={[["/applications", "App registrations"]]}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          registering.mutate();
        }}
      >
        <TextBox
          label="Name"
          value={displayName}
          onChange={setName}
          isRequired
          isFirst
          description="The user-facing display name for this application; it can be changed later"
        />
        <Choice
          label="Supported account types"
          value={signInAudience}
          options={AUDIENCES}
          onChange={setAudience}
        />
        <Choice label="Platform" value={platform} options={PLATFORMS} onChange={setPlatform} />
        <TextBox
          label="Redirect URI"
          value={uri}
          onChange={setUri}
          description="May be left empty. That of a native application need not be a real address."
        />
        <RefusalNotice error={registering.error} />
        <div>
          {missing ? (
            <ActionButton name="Register" isPrimary missing={missing} onPress={() => {}} />
          ) : (
            <Button
              type="submit"
              className="button primary"
              isDisabled={registering.isPending || displayName.trim() === ""}
            >
              Register
            </Button>
          )}
        </div>
      </Form>
    </Page>
  );
}
