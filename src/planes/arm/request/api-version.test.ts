import { expect, test } from "vitest";
import { VersionDoor } from "../../../core/version/version-door.ts";
import { Query } from "../../../http/query.ts";
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { apiVersionOf } from "./api-version.ts";

const log: string[] = [];
const door = new VersionDoor(false, (line) => log.push(line));
const strict = new VersionDoor(true, () => {});
const ask = (id: ArmOperationId, version: string, at = door) =>
  apiVersionOf(at, new Query(`api-version=${version}`), id);

/** Read in released packages: @azure/arm-*, azure-mgmt-*, armbatch and azure-cli. */
const SENT_BY_CLIENTS: readonly [ArmOperationId, readonly string[]][] = [
  [
    "Microsoft.Batch/BatchAccount_Get",
    [
      ..."2015-12-01 2017-01-01 2017-05-01 2017-09-01 2018-12-01 2019-04-01 2019-08-01".split(" "),
      ..."2020-03-01 2020-05-01 2020-09-01 2021-01-01 2021-06-01 2022-01-01 2022-06-01".split(" "),
      ..."2022-10-01 2023-05-01 2023-11-01 2024-02-01 2024-07-01 2025-06-01".split(" "),
    ],
  ],
  ["Microsoft.Batch/Pool_Get", ["2017-09-01", "2018-12-01", "2025-06-01"]],
  ["Microsoft.Batch/Location_ListSupportedVirtualMachineSkus", ["2021-06-01", "2022-01-01"]],
  ["Microsoft.Batch/BatchAccount_ListDetectors", ["2022-01-01", "2022-06-01"]],
  ["Microsoft.Batch/BatchAccount_ListOutboundNetworkDependenciesEndpoints", ["2021-06-01", "2022-01-01"]],
  [
    "Microsoft.Authorization/RoleAssignments_ListForScope",
    [
      ..."2015-07-01 2017-05-01 2018-01-01-preview 2018-09-01-preview 2020-03-01-preview".split(" "),
      ..."2020-04-01-preview 2020-08-01-preview 2020-10-01-preview 2022-04-01".split(" "),
    ],
  ],
  [
    "Microsoft.Authorization/RoleDefinitions_List",
    ["2017-05-01", "2018-01-01-preview", "2022-04-01", "2022-05-01-preview"],
  ],
  ["Microsoft.Authorization/DenyAssignments_ListForScope", ["2018-07-01-preview", "2024-07-01-preview"]],
  ["Microsoft.Authorization/Permissions_ListForResourceGroup", ["2022-04-01", "2022-05-01-preview"]],
  [
    "Microsoft.ManagedIdentity/UserAssignedIdentities_Get",
    ["2018-11-30", "2021-09-30-preview", "2023-01-31", "2024-11-30", "2025-05-31-preview"],
  ],
  [
    "Microsoft.ManagedIdentity/FederatedIdentityCredentials_List",
    ["2022-01-31-preview", "2025-01-31-preview"],
  ],
  [
    "Microsoft.Resources/ResourceGroups_Get",
    [
      ..."2016-02-01 2017-05-10 2018-05-01 2019-05-10 2019-10-01 2020-01-01 2020-06-01 2020-10-01".split(" "),
      ..."2021-04-01 2022-09-01 2023-07-01 2024-11-01 2025-03-01 2025-04-01".split(" "),
    ],
  ],
  [
    "Microsoft.Resources/Subscriptions_List",
    ["2016-06-01", "2018-06-01", "2019-11-01", "2020-01-01", "2021-10-01", "2022-12-01", "2024-11-01"],
  ],
  ["Microsoft.Resources/Providers_Get", ["2016-02-01", "2017-05-10", "2019-08-01", "2020-01-01"]],
  [
    "Microsoft.Storage/StorageAccounts_GetProperties",
    ["2016-12-01", "2025-01-01", "2025-08-01", "2026-04-01", "2026-09-01"],
  ],
];

test.each(SENT_BY_CLIENTS)("%s is answered in every version that clients send", (id, versions) => {
  for (const version of versions) expect(ask(id, version, strict)).toBe(version);
});

test("a newer version is answered as the newest, which one line of the log says once", () => {
  log.length = 0;
  for (let round = 0; round < 2; round++)
    expect(ask("Microsoft.Batch/BatchAccount_Get", "2026-10-01")).toBe("2025-06-01");
  expect(log).toEqual([expect.stringMatching(/Microsoft\.Batch.* 2026-10-01 .*2025-06-01/)]);
  expect(() => ask("Microsoft.Batch/BatchAccount_Get", "2026-10-01", strict)).toThrowError(
    expect.objectContaining({ code: "NoRegisteredProviderFound" }),
  );
});

test("what a provider has given up is not answered as its last version", () => {
  expect(ask("Microsoft.Batch/Certificate_Get", "2024-07-01")).toBe("2024-07-01");
  for (const version of ["2025-06-01", "2026-10-01"])
    expect(() => ask("Microsoft.Batch/Certificate_Get", version)).toThrowError(
      expect.objectContaining({ code: "InvalidResourceType" }),
    );
});

test.each([
  ["", "MissingApiVersionParameter"],
  ["api-version=", "MissingApiVersionParameter"],
  ["api-version=latest", "InvalidApiVersionParameter"],
  // Another provider's.
  ["api-version=2021-04-01", "NoRegisteredProviderFound"],
])("the query %j gives %s", (query, code) => {
  expect(() => apiVersionOf(door, new Query(query), "Microsoft.Batch/BatchAccount_Get")).toThrowError(
    expect.objectContaining({ code }),
  );
});
