/** A page of one application: its own menu at the left. */
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type Application, applicationNamed } from "../../api/directory.ts";
import type { Commands } from "../../parts/as-command.tsx";
import { ResourceMenu } from "../../parts/frame/resource-menu.tsx";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";

const PLACES = [
  ["", "Overview"],
  ["/authentication", "Authentication"],
  ["/secrets", "Certificates & secrets"],
  ["/permissions", "API permissions"],
  ["/roles", "App roles"],
  ["/owners", "Owners"],
] as const;

interface Props {
  readonly title: string;
  readonly actions?: (application: Application) => ReactNode;
  readonly commands?: (application: Application) => Commands;
  children(application: Application): ReactNode;
}

export function useApplication(): UseQueryResult<Application | null> {
  const { appId = "" } = useParams({ strict: false });
  return useQuery({
    queryKey: ["application", appId],
    queryFn: async () => (await applicationNamed(appId)) ?? null,
  });
}

export function ApplicationPage({ title, actions, commands, children }: Props) {
  const { data, error } = useApplication();
  const { appId = "" } = useParams({ strict: false });
  const base = `/applications/${appId}`;
  const isOverview = title === "Overview";
  const name = data?.displayName ?? appId;
  return (
    <Page
      title={isOverview ? name : title}
      kind="App registration"
      trail={[["/applications", "App registrations"], ...(isOverview ? [] : ([[base, name]] as const))]}
      actions={data && actions?.(data)}
      commands={data ? commands?.(data) : undefined}
      menu={<ResourceMenu label={`Application ${name}`} base={base} places={PLACES} />}
    >
      <RefusalNotice error={error} />
      {data === null && <p className="nothing">No application of this directory has this ID.</p>}
      {data && children(data)}
    </Page>
  );
}
