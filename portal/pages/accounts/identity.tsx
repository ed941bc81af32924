/** The managed identities with which the account itself reads its storage and its keys. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AccountChange } from "../../api/batch-account.ts";
import { type BatchAccount, identitiesList } from "../../api/resource-manager.ts";
import { useAccountName } from "../../parts/account.ts";
import { Tick } from "../../parts/body/body-fields.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { AccountChangePage } from "./account-change.tsx";

const TYPES = [
  ["None", "None"],
  ["SystemAssigned", "System assigned: one of its own"],
  ["UserAssigned", "User assigned"],
] as const;

const assigned = ({ identity }: BatchAccount): readonly string[] =>
  Object.keys(identity?.userAssignedIdentities ?? {});

export function AccountIdentity() {
  const account = useAccountName();
  const [type, setType] = useState<string>();
  const [ids, setIds] = useState<readonly string[]>();
  const { data = [], error } = useQuery({ queryKey: ["identities"], queryFn: identitiesList });
  return (
    <AccountChangePage
      title="Identity"
      line={`az batch account identity assign -n ${account} -g GROUP --system-assigned`}
      changeOf={(resource): AccountChange | undefined => {
        if (type === undefined && ids === undefined) return undefined;
        const wanted = type ?? resource.identity?.type ?? "None";
        if (wanted !== "UserAssigned") return { identity: { type: wanted } };
        const given = ids ?? assigned(resource);
        if (given.length === 0) return undefined;
        return {
          identity: {
            type: wanted,
            userAssignedIdentities: Object.fromEntries(given.map((id) => [id, {}])),
          },
        };
      }}
    >
      {(resource) => {
        const wanted = type ?? resource.identity?.type ?? "None";
        const chosen = ids ?? assigned(resource);
        return (
          <section className="card wide" aria-label="Identity">
            <RefusalNotice error={error} />
            <Choice label="Type" value={wanted} options={TYPES} onChange={setType} />
            {wanted === "SystemAssigned" && resource.identity?.principalId && (
              <Essentials
                facts={[
                  { name: "Object (principal) ID", value: resource.identity.principalId, isCopied: true },
                ]}
              />
            )}
            {wanted === "UserAssigned" &&
              data.map(({ id, name }) => (
                <Tick
                  key={id}
                  label={name}
                  isSelected={chosen.some((each) => each.toLowerCase() === id.toLowerCase())}
                  onChange={(isOn) =>
                    setIds(
                      isOn
                        ? [...chosen, id]
                        : chosen.filter((each) => each.toLowerCase() !== id.toLowerCase()),
                    )
                  }
                />
              ))}
            {wanted === "UserAssigned" && data.length === 0 && (
              <p className="nothing">There is no identity that you may read.</p>
            )}
          </section>
        );
      }}
    </AccountChangePage>
  );
}
