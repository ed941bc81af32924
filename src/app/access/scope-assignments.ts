/** Role assignments on a resource that goes. */
import { parseScope, scopeContains } from "../../core/access/scope.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { roleAssignmentDelete, roleAssignmentsOfTenant } from "../../store/role-assignments.ts";

/** What was assigned on a resource must not hold on the next one of its name. */
export async function scopeAssignmentsDelete(c: Connection, tenantId: string, scope: string): Promise<void> {
  const outer = parseScope(scope);
  for (const { id, scope: text } of await roleAssignmentsOfTenant.all(c, { tenant_id: tenantId })) {
    const inner = parseScope(text);
    if (outer && inner && scopeContains(outer, inner)) {
      await roleAssignmentDelete.run(c, { tenant_id: tenantId, id });
    }
  }
}
