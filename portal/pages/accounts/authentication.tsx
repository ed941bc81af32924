/** The ways in which programs may sign in to the account's data plane. */
import { useState } from "react";
import { useAccountName } from "../../parts/account.ts";
import { Tick } from "../../parts/body/body-fields.tsx";
import { AccountChangePage } from "./account-change.tsx";

const MODES = [
  ["AAD", "Azure Active Directory: tokens of users, applications and managed identities; roles decide"],
  ["SharedKey", "Shared Key: whoever holds one of the account's keys may do everything"],
  [
    "TaskAuthenticationToken",
    "Task authentication token: tasks that were given one may work on their own job",
  ],
] as const;

export function Authentication() {
  const account = useAccountName();
  const [wanted, setWanted] = useState<readonly string[]>();
  return (
    <AccountChangePage
      title="Authentication modes"
      line={`az resource update --ids ACCOUNT_ID --set properties.allowedAuthenticationModes='["AAD"]' # ${account}`}
      changeOf={({ properties: { allowedAuthenticationModes: now } }) =>
        wanted && [...wanted].sort().join() !== [...(now ?? [])].sort().join()
          ? { properties: { allowedAuthenticationModes: wanted } }
          : undefined
      }
    >
      {({ properties }) => {
        const chosen = wanted ?? properties.allowedAuthenticationModes ?? [];
        return (
          <section className="card" aria-label="Authentication modes">
            {MODES.map(([mode, text]) => (
              <Tick
                key={mode}
                label={text}
                isSelected={chosen.includes(mode)}
                onChange={(isOn) =>
                  setWanted(isOn ? [...chosen, mode] : chosen.filter((each) => each !== mode))
                }
              />
            ))}
            {!chosen.includes("AAD") && (
              <p className="warning">
                This portal signs in with tokens: without the first it sees no job of this account any more.
              </p>
            )}
          </section>
        );
      }}
    </AccountChangePage>
  );
}
