/**
 * Which resource providers a subscription uses. All are registered until somebody unregisters one; then nothing of it can be made until it
 * is registered again. Source: "Resource providers and types"; the codes of a provider in use are ours.
 */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { Fault } from "../../core/fault.ts";
import { settingGet, settingPut } from "../../store/accounts.ts";
import type { Subscription } from "../subscriptions/subscription-read.ts";
import type { Management } from "./management.ts";
import { resourceList } from "./resource-list.ts";

/** The providers that no subscription can be without. */
export const ALWAYS_REGISTERED: ReadonlySet<string> = new Set([
  "Microsoft.Authorization",
  "Microsoft.Resources",
]);

const settingOf = ({ subscriptionId }: Subscription, namespace: string): string =>
  `provider/${subscriptionId}/${asciiLowerCase(namespace)}`;

const UNREGISTERED = "unregistered";

export async function isProviderRegistered(
  { store }: Management,
  subscription: Subscription,
  namespace: string,
): Promise<boolean> {
  const setting = await settingGet.first(store.read, { name: settingOf(subscription, namespace) });
  return setting?.value !== UNREGISTERED;
}

export async function providerRegister(
  { store }: Management,
  subscription: Subscription,
  namespace: string,
): Promise<void> {
  const name = settingOf(subscription, namespace);
  await store.write((c) => settingPut.run(c, { name, value: "registered" }));
}

/** @throws Fault ProviderInUse while the subscription has resources of it, or cannot be without it */
export async function providerUnregister(
  management: Management,
  subscription: Subscription,
  namespace: string,
): Promise<void> {
  const prefix = `${asciiLowerCase(namespace)}/`;
  const resources = await resourceList(management, { subscription });
  const isUsed = resources.some(({ type }) => asciiLowerCase(type).startsWith(prefix));
  if (isUsed || ALWAYS_REGISTERED.has(namespace)) {
    const reason = isUsed ? "the subscription has resources of it" : "no subscription can be without it";
    throw new Fault("ProviderInUse", `'${namespace}' cannot be unregistered: ${reason}.`, { status: 409 });
  }
  const name = settingOf(subscription, namespace);
  await management.store.write((c) => settingPut.run(c, { name, value: UNREGISTERED }));
}

/** @throws Fault MissingSubscriptionRegistration */
export async function requireProvider(
  management: Management,
  subscription: Subscription,
  namespace: string,
): Promise<void> {
  if (await isProviderRegistered(management, subscription, namespace)) return;
  throw new Fault(
    "MissingSubscriptionRegistration",
    `The subscription is not registered to use namespace '${namespace}'. Register the provider first.`,
    { status: 409 },
  );
}
