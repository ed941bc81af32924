/** Management locks. What they hold is asked of every request in the pipeline. Source: "Management Locks - Create Or Update By Scope". */

import { scopeExists } from "../../../app/management/scope-exists.ts";
import { lockList, lockPut, lockRemove } from "../../../app/subscriptions/management-locks.ts";
import { scopeContains } from "../../../core/access/scope.ts";
import { lockOf, type ManagementLock } from "../../../core/management/management-lock.ts";
import { armFault } from "../request/arm-fault.ts";
import { readJsonBody } from "../request/json-body.ts";
import { operation } from "../request/operation.ts";
import { scopeOf } from "../request/rbac-scope.ts";

/** Those of the scope and of what is below; with `atScope()`, of the scope and of what is above. */
export const listLocks = operation("Microsoft.Authorization/ManagementLocks_ListByScope", async (context) => {
  const scope = scopeOf(context);
  const isAtScope = /^atscope\(\)$/i.test(context.exchange.query.get("$filter")?.trim() ?? "");
  const locks = await lockList(context.plane, context.parent.subscription);
  const shown = locks.filter((lock) =>
    isAtScope ? scopeContains(lock.scope, scope) : scopeContains(scope, lock.scope),
  );
  return { json: { value: shown.map(lockView) } };
});

export const getLock = operation("Microsoft.Authorization/ManagementLocks_GetByScope", async (context) => {
  const scope = scopeOf(context);
  const name = context.path.lockName ?? "";
  const found = (await lockList(context.plane, context.parent.subscription)).find(
    (lock) => lock.scope === scope && lock.name.toLowerCase() === name.toLowerCase(),
  );
  if (!found) throw armFault("LockNotFound", `The lock '${name.slice(0, 100)}' could not be found.`);
  return { json: lockView(found) };
});

/** Of a management lock's name. */
const NAME = /^[^<>%&:\\?/]{1,260}$/;

export const putLock = operation(
  "Microsoft.Authorization/ManagementLocks_CreateOrUpdateByScope",
  async (context) => {
    const name = context.path.lockName ?? "";
    if (!NAME.test(name))
      throw armFault("InvalidRequestContent", "A lock's name has 1 to 260 characters, none of <>%&:\\?/.");
    const scope = scopeOf(context);
    if (!(await scopeExists(context.plane, context.principal.tenantId, scope)))
      throw armFault("ResourceNotFound", `There is nothing at the scope '${context.path.scope}'.`);
    const lock = {
      name,
      scope,
      at: context.path.scope ?? "",
      ...lockOf(await readJsonBody(context.exchange)),
    };
    const isNew = await lockPut(context.plane, context.parent.subscription, lock);
    return { status: isNew ? 201 : 200, json: lockView(lock) };
  },
);

export const deleteLock = operation(
  "Microsoft.Authorization/ManagementLocks_DeleteByScope",
  async (context) => {
    const lock = { scope: scopeOf(context), name: context.path.lockName ?? "" };
    const isGone = await lockRemove(context.plane, context.parent.subscription, lock);
    return { status: isGone ? 200 : 204 };
  },
);

function lockView({ name, at, level, notes, owners }: ManagementLock): object {
  return {
    id: `${at}/providers/Microsoft.Authorization/locks/${name}`,
    name,
    type: "Microsoft.Authorization/locks",
    properties: { level, ...(notes !== undefined && { notes }), ...(owners && { owners }) },
  };
}
