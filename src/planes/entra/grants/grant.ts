/** What a grant of the token endpoint is, and what it is given. */
import type { SignInEvent } from "../../../app/access/sign-in-log.ts";
import type { Tenant } from "../../../app/directory/directory.ts";
import type { EntraContext } from "../request/endpoint.ts";
import type { Form } from "../request/form.ts";

export interface GrantContext extends EntraContext {
  readonly form: Form;
  readonly tenant: Tenant;
}

export interface Granted {
  /** The reply's body. */
  readonly reply: object;
  /** Who has signed in, and for what, as the access token says. */
  readonly signIn: Required<Pick<SignInEvent, "tenantId" | "principalId" | "appId" | "resource">>;
}

/** One file in `grants/`, registered by being exported there. */
export interface Grant {
  readonly grantTypes: readonly string[];
  issue(context: GrantContext): Promise<Granted>;
}
