/** Tells the sign-in log what the token service answered: who it was, as far as that is known, and what came of it. */
import type { SignInEvent } from "../../app/access/sign-in-log.ts";
import type { Client, Tenant } from "../../app/directory/directory.ts";
import { type User, userFindByPrincipalName } from "../../app/directory/user.ts";
import { Fault } from "../../core/fault.ts";
import { entraErrorText } from "../../wire/entra/error-codes.ts";
import type { Granted } from "./grants/grant.ts";
import type { EntraContext } from "./request/endpoint.ts";
import { entraErrorCode } from "./request/envelope.ts";
import type { Form } from "./request/form.ts";

type Kind = SignInEvent["kind"];

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["client_credentials", "servicePrincipal"],
  ["refresh_token", "nonInteractiveUser"],
  ["urn:ietf:params:oauth:grant-type:jwt-bearer", "nonInteractiveUser"],
]);
/** A device that polls, and whoever is told to come back, has not tried to sign in. */
const NO_SIGN_IN: ReadonlySet<string> = new Set(["AADSTS70016", "AADSTS70043", "AADSTS90055"]);
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const RESOURCE_MAX_CHARACTERS = 256;

/** Answers a token request. @throws what `issue` throws */
export async function recordedToken(
  context: EntraContext,
  form: Form,
  tenant: Tenant,
  issue: () => Promise<Granted>,
): Promise<object> {
  const kind = KINDS.get(form.grant_type ?? "") ?? "interactiveUser";
  const about = { kind, client: "Mobile Apps and Desktop clients", ...requestOf(context) } as const;
  try {
    const { reply, signIn } = await issue();
    const resource = signIn.resource.slice(0, RESOURCE_MAX_CHARACTERS);
    context.signIns.signedIn({ ...about, ...signIn, resource, errorCode: 0, status: 200 });
    return reply;
  } catch (error) {
    if (error instanceof Fault)
      await recordRefusal(context, { form, tenant, kind, client: about.client }, error);
    throw error;
  }
}

export interface RefusedSignIn {
  readonly form: Form;
  /** Whose endpoint was asked. */
  readonly tenant: Tenant;
  readonly kind: Kind;
  readonly client: SignInEvent["client"];
  readonly appId?: string;
}

/** What was typed as a user's name is told only where it is one: some people type their password there. */
export async function recordRefusal(
  context: EntraContext,
  { form, tenant, kind, client, appId = form.client_id }: RefusedSignIn,
  fault: Fault,
): Promise<void> {
  if (NO_SIGN_IN.has(fault.code)) return;
  const { directory, signIns } = context;
  const user = form.username ? await userFindByPrincipalName(directory, form.username.trim()) : undefined;
  const application =
    kind === "servicePrincipal" && appId ? await directory.client(tenant.id, appId) : undefined;
  const resource = form.resource ?? form.scope;
  const code = entraErrorCode(fault);
  signIns.signedIn({
    kind,
    client,
    ...requestOf(context),
    tenantId: user?.tenantId ?? tenant.id,
    principalId: user?.objectId ?? application?.objectId ?? null,
    appId: appId !== undefined && GUID.test(appId) ? appId.toLowerCase() : null,
    ...(resource !== undefined && { resource: resource.slice(0, RESOURCE_MAX_CHARACTERS) }),
    errorCode: code ?? 1,
    // Without the request's own values.
    failureReason: code === undefined ? fault.code : entraErrorText(code, {}),
    status: fault.status ?? 400,
  });
}

export function recordConsent(context: EntraContext, user: User, { appId, objectId }: Client): void {
  const { requestId, target } = requestOf(context);
  const { tenantId, objectId: userId } = user;
  context.signIns.consented({ tenantId, userId, appId, clientId: objectId, requestId, target });
}

/** An answer of the authorization endpoint that brings a token of its own, without a code that is redeemed. */
export function recordAuthorized(context: EntraContext, user: User, appId: string, audience: string): void {
  context.signIns.signedIn({
    kind: "interactiveUser",
    client: "Browser",
    ...requestOf(context),
    tenantId: user.tenantId,
    principalId: user.objectId,
    appId,
    resource: audience.slice(0, RESOURCE_MAX_CHARACTERS),
    errorCode: 0,
    status: 302,
  });
}

function requestOf({ exchange }: EntraContext) {
  return { source: exchange.source, requestId: exchange.id, target: exchange.shortPath };
}
