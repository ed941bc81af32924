/** Looks for what is named so, everywhere that the user may read. What they may not read is not found. */
import { batchOf } from "./batch.ts";
import { applicationsList, groupsList, servicePrincipalsList, usersList } from "./directory.ts";
import { accountsList, identitiesList } from "./resource-manager.ts";

export interface Found {
  /** The page's address, and for a list which of its rows. */
  readonly to: string;
  readonly text?: string;
  readonly name: string;
  readonly kind: string;
}

const SHOWN_MAX = 50;

export async function searchAll(text: string): Promise<Found[]> {
  const wanted = text.toLowerCase();
  const accounts = await readable(accountsList());
  const [inDirectory, identities, ...inAccounts] = await Promise.all([
    directory(),
    readable(identitiesList()),
    ...accounts.map(({ name }) => inAccount(name, wanted)),
  ]);
  const named: Named[] = [
    ...accounts.map(({ name }) => ({ to: `/accounts/${name}`, names: [name], kind: "Batch account" })),
    ...inDirectory,
    ...identities.map(({ id, name, properties }) => ({
      to: `/identities/${identityPath(id)}`,
      names: [name, properties.clientId, properties.principalId],
      kind: "Managed identity",
    })),
  ];
  const found: Found[] = [
    ...named
      .filter(({ names }) => names.some((name) => name.toLowerCase().includes(wanted)))
      .map(({ names: [name = ""], ...rest }) => ({ ...rest, name })),
    ...inAccounts.flat(),
  ];
  return found.slice(0, SHOWN_MAX);
}

interface Named extends Omit<Found, "name"> {
  /** The first one is shown. */
  readonly names: readonly string[];
}

/** Subscription, group and name. */
function identityPath(id: string): string {
  const [, , subscription, , group, , , , name] = id.split("/");
  return [subscription, group, name].map((each) => encodeURIComponent(each ?? "")).join("/");
}

async function directory(): Promise<Named[]> {
  const [applications, principals, users, groups] = await Promise.all([
    readable(applicationsList()),
    readable(servicePrincipalsList()),
    readable(usersList()),
    readable(groupsList()),
  ]);
  return [
    ...applications.map(({ id, appId, displayName }) => ({
      to: `/applications/${appId}`,
      names: [displayName, appId, id],
      kind: "App registration",
    })),
    ...principals
      .filter(({ servicePrincipalType }) => servicePrincipalType !== "ManagedIdentity")
      .map(({ id, appId, displayName }) => ({
        to: `/enterprise-applications/${id}`,
        names: [displayName, appId, id],
        kind: "Enterprise application",
      })),
    ...users.map(({ id, displayName, userPrincipalName }) => ({
      to: "/users",
      text: userPrincipalName,
      names: [displayName, userPrincipalName, id],
      kind: "User",
    })),
    ...groups.map(({ id, displayName }) => ({
      to: `/groups/${id}`,
      names: [displayName, id],
      kind: "Group",
    })),
  ];
}

/** By the beginning of the id, which the service itself can look for. */
async function inAccount(account: string, text: string): Promise<Found[]> {
  const batch = batchOf(account);
  const query = {
    $filter: `startswith(id,'${text.replaceAll("'", "''")}')`,
    $select: "id",
    maxresults: SHOWN_MAX,
  };
  const [jobs, pools, schedules] = await Promise.all([
    readable(batch.jobs(query).then(({ value }) => value)),
    readable(batch.pools(query).then(({ value }) => value)),
    readable(batch.schedules(query).then(({ value }) => value)),
  ]);
  const named = (items: readonly { readonly id?: string | undefined }[], folder: string, kind: string) =>
    items.map(({ id = "" }) => ({
      to: `/accounts/${account}/${folder}/${encodeURIComponent(id)}`,
      name: id,
      kind: `${kind} of ${account}`,
    }));
  return [
    ...named(jobs, "jobs", "Job"),
    ...named(pools, "pools", "Pool"),
    ...schedules.map(({ id = "" }) => ({
      to: `/accounts/${account}/schedules`,
      text: id,
      name: id,
      kind: `Job schedule of ${account}`,
    })),
  ];
}

const readable = <Item>(list: Promise<readonly Item[]>): Promise<readonly Item[]> => list.catch(() => []);
