/** Management groups. A tenant has its root group and no other. Source: "Management Groups - List", "Management Groups - Get". */
import { tenantRead } from "../../../app/management/tenant-read.ts";
import { asciiLowerCase } from "../../../core/access/ascii-lower-case.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";
import { operation } from "../request/operation.ts";

export const listManagementGroups = operation(
  "Microsoft.Management/ManagementGroups_List",
  async (context) => ({
    json: { value: [await rootView(context)] },
  }),
);

export const getManagementGroup = operation("Microsoft.Management/ManagementGroups_Get", async (context) => {
  const { path, principal } = context;
  if (asciiLowerCase(path.groupId ?? "") !== principal.tenantId)
    throw armFault("NotFound", `The management group '${path.groupId}' cannot be found.`);
  const root = await rootView(context);
  return {
    json: {
      ...root,
      properties: {
        ...root.properties,
        details: {
          version: 1,
          updatedTime: "2014-01-01T00:00:00Z",
          updatedBy: principal.tenantId,
          parent: null,
        },
        children: null,
      },
    },
  };
});

async function rootView({ plane, principal }: ArmContext) {
  const { id } = await tenantRead(plane, principal.tenantId);
  return {
    id: `/providers/Microsoft.Management/managementGroups/${id}`,
    type: "Microsoft.Management/managementGroups",
    name: id,
    properties: { tenantId: id, displayName: "Tenant Root Group" },
  };
}
