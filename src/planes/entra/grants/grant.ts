/** What a grant of the token endpoint is, and what it is given. */
import type { Tenant } from "../../../app/directory/directory.ts";
import type { EntraContext } from "../request/endpoint.ts";
import type { Form } from "../request/form.ts";

export interface GrantContext extends EntraContext {
  readonly form: Form;
  readonly tenant: Tenant;
}

/** One file in `grants/`, registered by being exported there. */
export interface Grant {
  readonly grantTypes: readonly string[];
  /** @returns the reply's body */
  issue(context: GrantContext): Promise<object>;
}
