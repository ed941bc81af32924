/** Whether tasks of an account may be given tokens. Source: Azure Batch REST, "AuthenticationTokenSettings". */
import { Fault } from "../../core/fault.ts";
import type { TaskAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { App } from "../app.ts";

/** @throws Fault InvalidPropertyValue for a task with a token that its account does not take */
export function checkTaskToken(
  app: Pick<App, "account">,
  accountKey: number,
  task: Pick<TaskAddParameter, "authenticationTokenSettings"> | undefined,
): void {
  if (!task?.authenticationTokenSettings?.access?.length) return;
  if (app.account(accountKey).takesTaskTokens) return;
  throw new Fault("InvalidPropertyValue", "", {
    values: [
      { key: "PropertyName", value: "authenticationTokenSettings" },
      { key: "Reason", value: "The account's allowedAuthenticationModes have no TaskAuthenticationToken" },
    ],
  });
}
