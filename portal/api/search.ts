/** Looks for what is named so, everywhere that the user may read. What they may not read is not found. */
import { batchOf } from "./batch.ts";
import { applicationsList } from "./directory.ts";
import { accountsList } from "./resource-manager.ts";

export interface Found {
  /** The page's address. */
  readonly to: string;
  readonly name: string;
  readonly kind: string;
}

const SHOWN_MAX = 50;

export async function searchAll(text: string): Promise<Found[]> {
  const wanted = text.toLowerCase();
  const matches = (...names: readonly (string | undefined)[]) =>
    names.some((name) => name?.toLowerCase().includes(wanted));
  const accounts = await readable(accountsList());
  const [applications, ...inAccounts] = await Promise.all([
    readable(applicationsList()),
    ...accounts.map(({ name }) => inAccount(name, wanted)),
  ]);
  const found: Found[] = [
    ...accounts
      .filter(({ name }) => matches(name))
      .map(({ name }) => ({ to: `/accounts/${name}`, name, kind: "Batch account" })),
    ...applications
      .filter(({ displayName, appId }) => matches(displayName, appId))
      .map(({ appId, displayName }) => ({
        to: `/applications/${appId}`,
        name: displayName,
        kind: "App registration",
      })),
    ...inAccounts.flat(),
  ];
  return found.slice(0, SHOWN_MAX);
}

/** By the beginning of the id, which the service itself can look for. */
async function inAccount(account: string, text: string): Promise<Found[]> {
  const batch = batchOf(account);
  const query = {
    $filter: `startswith(id,'${text.replaceAll("'", "''")}')`,
    $select: "id",
    maxresults: SHOWN_MAX,
  };
  const [jobs, pools] = await Promise.all([
    readable(batch.jobs(query).then(({ value }) => value)),
    readable(batch.pools(query).then(({ value }) => value)),
  ]);
  const named = (items: readonly { readonly id?: string | undefined }[], folder: string, kind: string) =>
    items.map(({ id = "" }) => ({
      to: `/accounts/${account}/${folder}/${encodeURIComponent(id)}`,
      name: id,
      kind: `${kind} of ${account}`,
    }));
  return [...named(jobs, "jobs", "Job"), ...named(pools, "pools", "Pool")];
}

const readable = <Item>(list: Promise<readonly Item[]>): Promise<readonly Item[]> => list.catch(() => []);
