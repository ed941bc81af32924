/** The endpoints of a service as `up` and `status` show them. Pure; no secret is among them. */
import type { ServiceEndpoints } from "../../client/service-endpoints.ts";
import { cloudAccountName } from "./cloud-account.ts";

/** Rows of a label and a value, in aligned columns. */
export function table(rows: readonly (readonly [label: string, value: string | null])[]): string {
  return rows
    .filter(([, value]) => value !== null)
    .map(([label, value]) => `  ${label.padEnd(14)}${value}\n`)
    .join("");
}

export function endpointTable(service: ServiceEndpoints, dataFolder: string): string {
  return table([
    ["Sign-in", service.login],
    ["ARM", service.management],
    ["Graph", service.graph],
    ["Batch", service.batch],
    ["Blobs", service.blob],
    ["Portal", service.portal],
    ["Proxy", service.proxy],
    ["Health", `${service.plain}/health`],
    ["CA", service.caFile],
    ["State", dataFolder],
    ["Account", cloudAccountName(service)],
    ["Tenant", service.tenantId],
    ["Subscription", service.subscriptionId],
    ["Group", service.resourceGroup],
  ]);
}
