/** Adds an API's permission to an application: the API by its name or its id, then what of it. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { Checkbox } from "react-aria-components/Checkbox";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import {
  type Application,
  applicationUpdate,
  type ServicePrincipal,
  servicePrincipalsList,
} from "../../api/directory.ts";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextBox } from "../../parts/text-box.tsx";

interface Props {
  readonly application: Application;
  readonly isOpen: boolean;
  onClose(): void;
}

export function AddPermissionDialog({ application, isOpen, onClose }: Props) {
  const [text, setText] = useState("");
  const [api, setApi] = useState<ServicePrincipal>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { data: apis = [], error } = useQuery({
    queryKey: ["apis"],
    queryFn: async () =>
      (await servicePrincipalsList()).filter(
        ({ oauth2PermissionScopes, appRoles }) => oauth2PermissionScopes.length + appRoles.length > 0,
      ),
    enabled: isOpen,
  });
  const close = () => {
    setText("");
    setApi(undefined);
    setChosen(new Set());
    onClose();
  };
  const adding = useMutation({
    meta: { notice: "Add API permissions" },
    mutationFn: () => applicationUpdate(application.id, added(application, api, chosen)),
    onSuccess: close,
  });
  const words = text.trim().toLowerCase();
  const found = apis.filter(
    ({ displayName, appId }) => displayName.toLowerCase().includes(words) || appId === words,
  );
  return (
    <FormDialog
      isOpen={isOpen}
      title="Request API permissions"
      submit="Add permissions"
      isPending={adding.isPending}
      isIncomplete={chosen.size === 0}
      error={adding.error ?? error}
      onSubmit={() => adding.mutate()}
      onClose={close}
    >
      {api === undefined ? (
        <>
          <TextBox label="Search APIs by name or application ID" value={text} onChange={setText} isFirst />
          <ListBox
            aria-label="APIs my organization uses"
            className="list-box framed"
            items={found.map((each) => ({ ...each, key: each.appId }))}
            onAction={(key) => setApi(found.find(({ appId }) => appId === key))}
            renderEmptyState={() => <p className="nothing">No API is named so.</p>}
          >
            {(each) => (
              <ListBoxItem id={each.appId} className="list-item" textValue={each.displayName}>
                <span>{each.displayName}</span>
                <code>{each.appId}</code>
              </ListBoxItem>
            )}
          </ListBox>
        </>
      ) : (
        <>
          <p>
            <strong>{api.displayName}</strong>{" "}
            <Button className="button" onPress={() => setApi(undefined)}>
              All APIs
            </Button>
          </p>
          <PermissionChoices api={api} chosen={chosen} onChoose={setChosen} />
        </>
      )}
    </FormDialog>
  );
}

interface ChoicesProps {
  readonly api: ServicePrincipal;
  readonly chosen: ReadonlySet<string>;
  onChoose(chosen: ReadonlySet<string>): void;
}

function PermissionChoices({ api, chosen, onChoose }: ChoicesProps) {
  const toggle = (id: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    onChoose(next);
  };
  const lists = [
    [
      "Delegated permissions",
      api.oauth2PermissionScopes.map(({ id, value, adminConsentDisplayName: text }) => ({ id, value, text })),
    ],
    [
      "Application permissions",
      api.appRoles.map(({ id, value, displayName: text }) => ({ id, value, text })),
    ],
  ] as const;
  return lists
    .filter(([, permissions]) => permissions.length > 0)
    .map(([name, permissions]) => (
      <fieldset key={name} className="options">
        <legend className="label">{name}</legend>
        {permissions.map(({ id, value, text }) => (
          <Checkbox
            key={id}
            className="option"
            isSelected={chosen.has(id)}
            onChange={(isChosen) => toggle(id, isChosen)}
          >
            <span className="check-mark" aria-hidden="true" />
            <span>
              {value}: {text}
            </span>
          </Checkbox>
        ))}
      </fieldset>
    ));
}

/** The application's list with what was chosen, nothing of it twice. */
function added(
  { requiredResourceAccess }: Application,
  api: ServicePrincipal | undefined,
  chosen: ReadonlySet<string>,
) {
  if (api === undefined) throw new Error("No API is chosen.");
  const before = requiredResourceAccess.find(({ resourceAppId }) => resourceAppId === api.appId);
  const isRole = (id: string) => api.appRoles.some((role) => role.id === id);
  const own = [...chosen]
    .filter((id) => !before?.resourceAccess.some((access) => access.id === id))
    .map((id) => ({ id, type: isRole(id) ? "Role" : "Scope" }));
  return {
    requiredResourceAccess: [
      ...requiredResourceAccess.filter((each) => each !== before),
      { resourceAppId: api.appId, resourceAccess: [...(before?.resourceAccess ?? []), ...own] },
    ],
  };
}
