/** A page of a Batch account: its own menu at the left. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useAccountName } from "./account.ts";
import type { Commands } from "./as-command.tsx";
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
  return (
    <Page
      {...page}
      trail={[["/accounts", "Batch accounts"], [base, account], ...trail]}
      menu={
        <nav className="resource-menu" aria-label={`Account ${account}`}>
          <ul>
            {ACCOUNT_PLACES.map(([path, name]) => (
              <li key={name}>
                <Link to={base + path} activeOptions={{ exact: path === "", includeSearch: false }}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      }
    />
  );
}
