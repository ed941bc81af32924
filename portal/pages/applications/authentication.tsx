/** Where an application may be answered after signing in, by platform, and whether it may do without a secret. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Checkbox } from "react-aria-components/Checkbox";
import { Form } from "react-aria-components/Form";
import { WRITE_APPLICATIONS } from "../../../src/wire/graph/access.ts";
import { type Application, applicationUpdate } from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";
import { ApplicationPage } from "./application-page.tsx";
import { PLATFORMS } from "./platforms.ts";

export function Authentication() {
  return (
    <ApplicationPage
      title="Authentication"
      commands={({ appId }) => ({
        lines: [
          `az ad app update --id ${appId} --public-client-redirect-uris http://localhost`,
          `az ad app update --id ${appId} --is-fallback-public-client true`,
        ],
        request: `PATCH https://graph.microsoft.com/v1.0/applications(appId='${appId}')`,
      })}
    >
      {(application) => <RedirectUris key={application.id} application={application} />}
    </ApplicationPage>
  );
}

function RedirectUris({ application }: { readonly application: Application }) {
  const queries = useQueryClient();
  const missing = useMayInDirectory()(WRITE_APPLICATIONS);
  const [uris, setUris] = useState(() =>
    Object.fromEntries(PLATFORMS.map(([name]) => [name, application[name].redirectUris.join("\n")])),
  );
  const [isPublic, setPublic] = useState(application.isFallbackPublicClient === true);
  const saving = useMutation({
    meta: { notice: "Change the ways to sign in" },
    mutationFn: () =>
      applicationUpdate(application.id, {
        ...Object.fromEntries(
          PLATFORMS.map(([name]) => [name, { redirectUris: (uris[name] ?? "").split("\n").flatMap(uriOf) }]),
        ),
        isFallbackPublicClient: isPublic,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["application", application.appId] }),
  });
  return (
    <Form className="form" onSubmit={(event) => event.preventDefault()}>
      <p>
        A sign-in is answered at these addresses alone, one a line. That of a native application need not be a
        real address.
      </p>
      {PLATFORMS.map(([name, label]) => (
        <TextBox
          key={name}
          label={label}
          isLong
          isLow
          value={uris[name] ?? ""}
          onChange={(value) => setUris({ ...uris, [name]: value })}
        />
      ))}
      <Checkbox className="option" isSelected={isPublic} onChange={setPublic}>
        <span className="check-mark" aria-hidden="true" />
        <span>Allow public client flows: device code, and user name with password, without a secret</span>
      </Checkbox>
      <RefusalNotice error={saving.error} />
      <div className="dialog-buttons">
        <ActionButton
          name="Save"
          isPrimary
          missing={missing}
          isDisabled={saving.isPending}
          onPress={() => saving.mutate()}
        />
        <span role="status">{saving.isSuccess && "Saved."}</span>
      </div>
    </Form>
  );
}

const uriOf = (line: string): string[] => (line.trim() === "" ? [] : [line.trim()]);
