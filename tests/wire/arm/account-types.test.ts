/**
 * The types walked: in each api-version of accounts, every property that its types let one write is sent, and every one that they let one read is
 * looked for; nothing is shown that they do not have.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchTypes, isReadOnly, modelOf, type TypeModel } from "../../guards/types-walk.fixture.ts";
import {
  application,
  type Management,
  openManagement,
  ownership,
  tenant,
  tokenOf,
} from "../management.fixture.ts";
import { send } from "../raw-request.fixture.ts";

const folder = process.env.BATCHYARD_SPECS ?? "";
if (folder === "") console.warn("SKIPPED: types of accounts; BATCHYARD_SPECS names no folder");
const types = folder === "" ? undefined : new BatchTypes(folder);
const ACCOUNTS = "Microsoft.Batch/batchAccounts";
const versions = types?.versionsOf(ACCOUNTS) ?? [];

const HOME = "aaaaaaaa-0000-4000-8000-0000000000ab";
const SUBSCRIPTION = "bbbbbbbb-0000-4000-8000-0000000000ab";
const LAB = `/subscriptions/${SUBSCRIPTION}/resourceGroups/Lab`;
const IDENTITY = `${LAB}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one`;

/** What is not sent or not shown, and why. */
const REASONS: Readonly<Record<string, string>> = {
  "properties.keyVaultReference": "of accounts in a user's own subscription alone",
  "properties.encryption.keyVaultProperties": "with a key of one's own alone, which is kept and shown",
  systemData: "who made it and when stands in the audit log",
  "identity.principalId": "of an identity of the account's own",
  "identity.tenantId": "of an identity of the account's own",
  apiVersion: "of the type, not of the wire",
};

const owner = application(HOME);
let management: Management;
let token: string;

beforeAll(async () => {
  const at = { subscriptionId: SUBSCRIPTION, resourceGroup: "Lab", location: "westeurope" };
  management = await openManagement(
    {
      tenants: [tenant(HOME, [owner])],
      subscriptions: [{ subscriptionId: SUBSCRIPTION, tenantId: HOME, displayName: "Lab" }],
      accounts: [{ name: "first", ...at }],
      storageAccounts: [{ name: "store", ...at }],
      roleAssignments: [ownership(owner)],
    },
    () => undefined,
  );
  token = await tokenOf(management, owner);
  await ask("PUT", IDENTITY, "2023-01-31", { location: "westeurope" });
});
afterAll(() => management?.close());

const ask = (method: string, path: string, version: string, body?: object) =>
  send(management, {
    method,
    path: `${path}?api-version=${version}`,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });

const STORAGE = `${LAB}/providers/Microsoft.Storage/storageAccounts/store`;
/** By path, what is sent. */
const VALUES: Readonly<Record<string, unknown>> = {
  location: "westeurope",
  tags: { team: "render" },
  identity: { type: "UserAssigned", userAssignedIdentities: { [IDENTITY]: {} } },
  "properties.poolAllocationMode": "BatchService",
  "properties.autoStorage.storageAccountId": STORAGE,
  "properties.autoStorage.authenticationMode": "BatchAccountManagedIdentity",
  "properties.autoStorage.nodeIdentityReference": { resourceId: IDENTITY },
  "properties.publicNetworkAccess": "Disabled",
  "properties.encryption": { keySource: "Microsoft.Batch" },
  "properties.allowedAuthenticationModes": ["SharedKey", "AAD"],
  "properties.networkProfile.accountAccess": {
    defaultAction: "Deny",
    ipRules: [{ action: "Allow", value: "10.0.0.0/8" }],
  },
  "properties.networkProfile.nodeManagementAccess": { defaultAction: "Allow" },
};

const modelAt = (path: string, version: string): TypeModel => {
  if (path === "") return types?.model(ACCOUNTS, version) ?? {};
  const names =
    path === "properties"
      ? [
          "BatchAccountCreatePropertiesOrBatchAccountProperties",
          "BatchAccountBasePropertiesOrBatchAccountProperties",
        ]
      : [];
  return names.map((name) => types?.model(name, version)).find((model) => model !== undefined) ?? {};
};

/** Those that may be written, as deep as values are given for. */
function writable(model: TypeModel, version: string, prefix: string): string[] {
  return Object.entries(model).flatMap(([name, property]) => {
    const path = prefix + name;
    if (isReadOnly(property) || REASONS[path] !== undefined || path === "name") return [];
    if (VALUES[path] !== undefined) return [path];
    const below =
      path === "properties" ? modelAt(path, version) : types?.model(modelOf(property) ?? "", version);
    return below ? writable(below, version, `${path}.`) : [`${path} has no value here`];
  });
}

function bodyOf(paths: readonly string[], version: string): object {
  const body: Record<string, unknown> = {};
  for (const path of paths) {
    const names = path.split(".");
    let at = body;
    for (const name of names.slice(0, -1)) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    at[names.at(-1) ?? ""] = VALUES[path];
  }
  // Before 2021-01-01 an account had an identity of its own or none.
  if (version < "2021-01-01" && body.identity !== undefined) body.identity = { type: "SystemAssigned" };
  return body;
}

test.skipIf(folder === "").each(versions)("an account of %s", async (version) => {
  const path = `${LAB}/providers/${ACCOUNTS}/v${version.replaceAll("-", "")}`;
  const paths = writable(modelAt("", version), version, "");
  expect(paths.filter((each) => each.endsWith("here"))).toEqual([]);
  const sent = bodyOf(paths, version);
  const made = await ask("PUT", path, version, sent);
  expect(made.status, made.text).toBe(202);
  const { json } = await ask("GET", path, version);
  for (const each of paths) {
    const value = each.split(".").reduce((at: Record<string, unknown>, name) => at?.[name] as never, json);
    const wanted = each
      .split(".")
      .reduce((at: Record<string, unknown>, name) => at?.[name] as never, sent as never);
    if (each !== "identity") expect(value, each).toMatchObject(wanted as never);
  }
  const shown = modelAt("properties", version);
  const wanted = Object.keys(shown).filter((name) => REASONS[`properties.${name}`] === undefined);
  expect(Object.keys(json.properties).sort()).toEqual(wanted.sort());
  const top = Object.keys(modelAt("", version)).filter((name) => REASONS[name] === undefined);
  expect(Object.keys(json).sort()).toEqual(top.sort());
});

test.skipIf(folder === "")("there are twenty of them", () => {
  expect(versions).toHaveLength(20);
});
