/** Tags of resources inside a Batch account: pools, applications, packages. What is made anew under a name has none of its forerunner's. */
import type { Tags } from "../../core/management/tags.ts";
import { settingGet, settingPut } from "../../store/accounts.ts";
import type { Records } from "../records.ts";

type TaggedKind = "pool" | "application" | "package";

export interface TaggedRow {
  readonly key: number;
  readonly created_at: number;
}

const settingOf = (kind: TaggedKind, { key, created_at }: TaggedRow): string =>
  `tags/${kind}/${key}/${created_at}`;

export async function resourceTags(
  { store }: Pick<Records, "store">,
  kind: TaggedKind,
  row: TaggedRow,
): Promise<Tags> {
  const found = await settingGet.first(store.read, { name: settingOf(kind, row) });
  return found ? (JSON.parse(found.value) as Tags) : {};
}

export async function resourceTagsSet(
  { store }: Pick<Records, "store">,
  kind: TaggedKind,
  row: TaggedRow,
  tags: Tags,
): Promise<void> {
  await store.write((c) => settingPut.run(c, { name: settingOf(kind, row), value: JSON.stringify(tags) }));
}
