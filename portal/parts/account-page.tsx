/** A page of a Batch account: its own menu at the left. */
import type { ReactNode } from "react";
import { useAccountName, useIsAccountVisible } from "./account.ts";
import type { Commands } from "./as-command.tsx";
import { ResourceMenu } from "./frame/resource-menu.tsx";
import { type Missing, NOTHING } from "./may.ts";
import { MissingNotice } from "./missing-notice.tsx";
import { Page, type Trail } from "./page.tsx";

export const ACCOUNT_PLACES = [
  ["", "Overview"],
  ["/jobs", "Jobs"],
  ["/schedules", "Job schedules"],
  ["/pools", "Pools"],
  ["/applications", "Applications"],
  ["/certificates", "Certificates"],
  ["/access", "Access control (IAM)"],
  ["/keys", "Keys"],
  ["/authentication", "Authentication modes"],
  ["/identity", "Identity"],
  ["/storage", "Storage account"],
  ["/tags", "Tags"],
  ["/quotas", "Quotas"],
] as const;

interface Props {
  readonly title: string;
  readonly kind: string;
  /** Below the account's own. */
  readonly trail?: Trail;
  readonly actions?: ReactNode;
  readonly commands?: Commands;
  readonly children: ReactNode;
}

export function AccountPage({ trail = [], ...page }: Props) {
  const account = useAccountName();
  const base = `/accounts/${account}`;
  const isVisible = useIsAccountVisible();
  if (isVisible !== true)
    return (
      <Page title={page.title} kind={page.kind} trail={[["/accounts", "Batch accounts"]]}>
        {isVisible === false && (
          <MissingNotice
            what={`the Batch account ${account}, if there is one`}
            missing={NOTHING.batch("read") as NonNullable<Missing>}
          />
        )}
      </Page>
    );
  return (
    <Page
      {...page}
      trail={[["/accounts", "Batch accounts"], [base, account], ...trail]}
      menu={<ResourceMenu label={`Account ${account}`} base={base} places={ACCOUNT_PLACES} isDeep />}
    />
  );
}
