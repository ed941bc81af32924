import { expect, test } from "vitest";
import { Query } from "../../../http/query.ts";
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { apiVersionOf } from "./api-version.ts";

/** Read in released packages: @azure/arm-*, azure-mgmt-*, armbatch and azure-cli. */
const SENT_BY_CLIENTS: readonly [ArmOperationId, readonly string[]][] = [
  [
    "Microsoft.Batch/BatchAccount_Get",
    [
      ..."2017-09-01 2020-03-01 2020-05-01 2020-09-01 2021-01-01 2021-06-01 2022-01-01 2022-06-01".split(" "),
      ..."2022-10-01 2023-05-01 2023-11-01 2024-02-01 2024-07-01 2025-06-01".split(" "),
    ],
  ],
  [
    "Microsoft.Authorization/RoleAssignments_ListForScope",
    ["2018-09-01-preview", "2020-04-01-preview", "2022-04-01"],
  ],
  ["Microsoft.Authorization/RoleDefinitions_List", ["2018-01-01-preview", "2022-04-01"]],
  ["Microsoft.Authorization/DenyAssignments_ListForScope", ["2018-07-01-preview", "2022-04-01"]],
  ["Microsoft.Authorization/Permissions_ListForResourceGroup", ["2018-01-01-preview", "2022-04-01"]],
  [
    "Microsoft.ManagedIdentity/UserAssignedIdentities_Get",
    ["2018-11-30", "2021-09-30-preview", "2022-01-31-preview", "2023-01-31", "2024-11-30"],
  ],
  ["Microsoft.Resources/ResourceGroups_Get", ["2021-04-01", "2022-09-01", "2025-03-01", "2025-04-01"]],
  [
    "Microsoft.Resources/Subscriptions_List",
    ["2016-06-01", "2019-11-01", "2021-01-01", "2021-10-01", "2022-12-01"],
  ],
];

test.each(SENT_BY_CLIENTS)("%s is answered in every version that clients send", (id, versions) => {
  for (const version of versions) {
    expect(apiVersionOf(new Query(`api-version=${version}`), id)).toBe(version);
  }
});

test.each([
  ["", "MissingApiVersionParameter"],
  ["api-version=", "MissingApiVersionParameter"],
  ["api-version=2100-01-01", "InvalidApiVersionParameter"],
  // Another provider's.
  ["api-version=2021-04-01", "InvalidApiVersionParameter"],
])("the query %j gives %s", (query, code) => {
  expect(() => apiVersionOf(new Query(query), "Microsoft.Batch/BatchAccount_Get")).toThrowError(
    expect.objectContaining({ code }),
  );
});
