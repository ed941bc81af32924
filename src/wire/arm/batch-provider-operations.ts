/**
 * What the Batch provider says that can be done with it: its names, words and order. Recorded from the service in June 2020, whose list
 * had these and no others; what came since stands behind them, from the tables of operations. Source: "Operations - List".
 */
export interface BatchProviderOperation {
  /** Below the provider. */
  readonly name: string;
  readonly resource: string;
  readonly operation: string;
  /** Who may call it; absent where the service says nothing. */
  readonly origin?: "system" | "user,system";
  readonly isDataAction?: true;
}

type Row = readonly [name: string, operation: string];

function group(
  resource: string,
  rows: readonly Row[],
  more: Pick<BatchProviderOperation, "origin" | "isDataAction"> = {},
): BatchProviderOperation[] {
  return rows.map(([name, operation]) => ({ name, resource, operation, ...more }));
}

const BY_SYSTEM = { origin: "system" } as const;
const BY_ALL = { origin: "user,system" } as const;
const DATA = { isDataAction: true } as const;
const MONITOR = "batchAccounts/providers/Microsoft.Insights";
const PROXIES = "batchAccounts/privateEndpointConnectionProxies";

export const BATCH_PROVIDER_OPERATIONS: readonly BatchProviderOperation[] = [
  ...group(
    "Batch Accounts",
    [
      [`${MONITOR}/diagnosticSettings/read`, "Read diagnostic setting"],
      [`${MONITOR}/diagnosticSettings/write`, "Write diagnostic setting"],
    ],
    BY_SYSTEM,
  ),
  ...group(
    "Batch Account Log Definitions",
    [[`${MONITOR}/logDefinitions/read`, "Read Batch service log definitions"]],
    BY_SYSTEM,
  ),
  ...group(
    "Batch Account Metric Definitions",
    [[`${MONITOR}/metricDefinitions/read`, "Read Batch service metric definitions"]],
    BY_SYSTEM,
  ),
  ...group(
    "Jobs",
    [
      ["batchAccounts/jobs/read", "List or Get Jobs"],
      ["batchAccounts/jobs/write", "Create or Update Job"],
      ["batchAccounts/jobs/delete", "Delete Job"],
    ],
    DATA,
  ),
  ...group(
    "Job Schedules",
    [
      ["batchAccounts/jobSchedules/read", "List or Get Job Schedules"],
      ["batchAccounts/jobSchedules/write", "Create or Update Job Schedule"],
      ["batchAccounts/jobSchedules/delete", "Delete Job Schedule"],
    ],
    DATA,
  ),
  ...group("Available Batch Operations", [["operations/read", "List Available Batch Operations"]]),
  ...group(
    "Batch Accounts",
    [
      ["batchAccounts/read", "List or Get Batch Accounts"],
      ["batchAccounts/write", "Create or Update Batch Account"],
      ["batchAccounts/delete", "Delete Batch Account"],
      ["batchAccounts/listkeys/action", "List Batch Account Keys"],
      ["batchAccounts/regeneratekeys/action", "Regenerate Batch Account Keys"],
    ],
    BY_ALL,
  ),
  ...group("Batch Quotas", [["locations/quotas/read", "Get Batch Quotas"]], BY_ALL),
  ...group(
    "Name Availability",
    [["locations/checkNameAvailability/action", "Check Name Availability"]],
    BY_ALL,
  ),
  ...group("Batch Resource Provider", [
    ["batchAccounts/operationResults/read", "Get Batch account operation results"],
    ["locations/accountOperationResults/read", "Get Batch account operation results"],
  ]),
  ...group(
    "Batch Resource Provider",
    [
      ["register/action", "Register the Batch Resource Provider"],
      ["unregister/action", "Unregister the Batch Resource Provider"],
    ],
    BY_ALL,
  ),
  ...group(
    "Batch Accounts",
    [["batchAccounts/syncAutoStorageKeys/action", "Synchronize Auto Storage Account Keys"]],
    BY_ALL,
  ),
  ...group(
    "Applications",
    [
      ["batchAccounts/applications/read", "List or Get Applications"],
      ["batchAccounts/applications/write", "Create or Update Application"],
      ["batchAccounts/applications/delete", "Delete Application"],
    ],
    BY_ALL,
  ),
  ...group(
    "Application Packages",
    [
      ["batchAccounts/applications/versions/read", "Get Application Package"],
      ["batchAccounts/applications/versions/write", "Create or Update Application Package"],
      ["batchAccounts/applications/versions/delete", "Delete Application Package"],
      ["batchAccounts/applications/versions/activate/action", "Activate Application Package"],
    ],
    BY_ALL,
  ),
  ...group("Certificates", [
    ["batchAccounts/certificates/read", "List or Get Certificates"],
    ["batchAccounts/certificates/write", "Create or Update Certificate"],
    ["batchAccounts/certificates/delete", "Delete Certificate"],
    ["batchAccounts/certificates/cancelDelete/action", "Cancel Delete Certificate"],
    ["batchAccounts/certificateOperationResults/read", "Get Certificate Operation Results"],
  ]),
  ...group("Pools", [
    ["batchAccounts/pools/read", "List or Get Pools"],
    ["batchAccounts/pools/write", "Create or Update Pool"],
    ["batchAccounts/pools/delete", "Delete Pool"],
    ["batchAccounts/pools/stopResize/action", "Stop Pool Resize"],
    ["batchAccounts/pools/disableAutoscale/action", "Disable Pool AutoScale"],
    ["batchAccounts/poolOperationResults/read", "Get Pool Operation Results"],
  ]),
  ...group("PrivateLinkResources", [
    ["batchAccounts/privateLinkResources/read", "Get or List Private link resources"],
  ]),
  ...group("PrivateEndpointConnections", [
    ["batchAccounts/privateEndpointConnections/write", "Update Private endpoint connection"],
    ["batchAccounts/privateEndpointConnections/read", "Get or List Private endpoint connection"],
    [
      "batchAccounts/privateEndpointConnectionResults/read",
      "Get Batch account private endpoint connection operation results",
    ],
  ]),
  ...group(
    "PrivateEndpointConnectionProxies",
    [
      [`${PROXIES}/validate/action`, "Validates a Private endpoint connection proxy"],
      [`${PROXIES}/write`, "Create or Update Private endpoint connection proxy"],
      [`${PROXIES}/read`, "Get Private endpoint connection proxy"],
      [`${PROXIES}/delete`, "Delete Private endpoint connection proxy"],
      [
        "batchAccounts/privateEndpointConnectionProxyResults/read",
        "Get Batch account private endpoint connection proxy operation results",
      ],
    ],
    BY_SYSTEM,
  ),
];
