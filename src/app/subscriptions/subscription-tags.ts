/** The tags of a subscription itself. */

import { Fault } from "../../core/fault.ts";
import type { Tags } from "../../core/management/tags.ts";
import { settingGet, settingPut } from "../../store/accounts.ts";
import { TAGS_MAX } from "../../wire/arm/limits.ts";
import type { Records } from "../records.ts";
import type { Subscription } from "./subscription-read.ts";

const settingOf = ({ subscriptionId }: Subscription): string => `tags/${subscriptionId}`;

export async function subscriptionTags(
  { store }: Pick<Records, "store">,
  subscription: Subscription,
): Promise<Tags> {
  const row = await settingGet.first(store.read, { name: settingOf(subscription) });
  return row ? (JSON.parse(row.value) as Tags) : {};
}

/** @returns what it has then. @throws Fault TooManyTags */
export function subscriptionTagsChange(
  { store }: Pick<Records, "store">,
  subscription: Subscription,
  change: (known: Tags) => Tags,
): Promise<Tags> {
  const name = settingOf(subscription);
  return store.write(async (c) => {
    const row = await settingGet.first(c, { name });
    const tags = change(row ? (JSON.parse(row.value) as Tags) : {});
    if (Object.keys(tags).length > TAGS_MAX)
      throw new Fault("TooManyTags", `A subscription has at most ${TAGS_MAX} tags.`, { status: 400 });
    await settingPut.run(c, { name, value: JSON.stringify(tags) });
    return tags;
  });
}
