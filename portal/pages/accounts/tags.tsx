/** The account's tags: names and values of its owner's own. */
import { useState } from "react";
import { useAccountName } from "../../parts/account.ts";
import { type Body, bodyWith } from "../../parts/body/body-path.ts";
import { BodyRows } from "../../parts/body/body-rows.tsx";
import { AccountChangePage } from "./account-change.tsx";

interface Tag {
  readonly name?: string;
  readonly value?: string;
}

const asTags = (rows: readonly Tag[]): Readonly<Record<string, string>> =>
  Object.fromEntries(rows.flatMap(({ name, value = "" }) => (name ? [[name, value]] : [])));

export function AccountTags() {
  const account = useAccountName();
  const [typed, setTyped] = useState<Body>();
  return (
    <AccountChangePage
      title="Tags"
      line={`az batch account set -n ${account} -g GROUP --tags NAME=VALUE`}
      changeOf={({ tags = {} }) => {
        const wanted = typed && asTags((typed.tags ?? []) as readonly Tag[]);
        return wanted && JSON.stringify(wanted) !== JSON.stringify(tags) ? { tags: wanted } : undefined;
      }}
    >
      {({ tags = {} }) => {
        const body = typed ?? { tags: Object.entries(tags).map(([name, value]) => ({ name, value })) };
        return (
          <section className="card wide" aria-label="Tags">
            <BodyRows
              form={{ body, set: (path, value) => setTyped(bodyWith(body, path, value)) }}
              path="tags"
              label="Tags"
              entry="tag"
              columns={[
                { path: "name", label: "Name" },
                { path: "value", label: "Value" },
              ]}
            />
          </section>
        );
      }}
    </AccountChangePage>
  );
}
