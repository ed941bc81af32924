/** Who sends a management request: the bearer of an access token for this audience, of whatever tenant. */
import type { Access } from "../../../app/access/access.ts";
import type {
  AccessTokenVerifier,
  TokenPrincipal,
  TokenRefusal,
} from "../../../app/directory/access-token-verify.ts";
import { Fault } from "../../../core/fault.ts";
import type { Exchange } from "../../../http/exchange.ts";
import { ARM_AUDIENCES } from "../../../wire/arm/audiences.ts";
import { armErrorCodes } from "../../../wire/arm/error-codes.ts";
import type { ArmErrorCode } from "./arm-fault.ts";

/** A refusal that tells the client where to get a better token. */
export class AuthenticationFault extends Fault {
  /** The tenant to sign in to: an id, or `common` where any will do. */
  readonly tenant: string;

  constructor(code: ArmErrorCode, message: string, tenant = "common") {
    super(code, message, { status: armErrorCodes[code] });
    this.tenant = tenant;
  }
}

export interface ArmCredentials {
  readonly tokens: AccessTokenVerifier;
  readonly access: Access;
}

/** @throws AuthenticationFault, also for a bearer that is disabled or no longer in the directory */
export async function authenticate(
  { tokens, access }: ArmCredentials,
  exchange: Exchange,
): Promise<TokenPrincipal> {
  const token = /^Bearer +([^ ]+) *$/i.exec(exchange.headers.authorization ?? "")?.[1];
  if (token === undefined) {
    throw new AuthenticationFault(
      "AuthenticationFailed",
      "The request has no Authorization header of the form 'Bearer <access token>'.",
    );
  }
  const own = exchange.origin;
  const audiences = [...new Set([...ARM_AUDIENCES, `${own}/`, own])];
  const verdict = tokens.verify(token, { audiences });
  if (!verdict.ok) throw refusal(verdict, audiences);
  const state = await access.stateOf(verdict.principal);
  if (state === "disabled") throw invalid("The access token's user or application is disabled.");
  if (state === "gone")
    throw invalid("The access token's user or application is no longer in the directory.");
  return verdict.principal;
}

/** The caller's tenant has nothing to do with the subscription it names. @param tenant the subscription's */
export function foreignTenant(principal: TokenPrincipal, tenant: string): AuthenticationFault {
  return new AuthenticationFault(
    "InvalidAuthenticationTokenTenant",
    `The access token is of tenant '${principal.tenantId}', but this subscription belongs to tenant '${tenant}'. Sign in to that one.`,
    tenant,
  );
}

function refusal(refused: TokenRefusal, audiences: readonly string[]): AuthenticationFault {
  switch (refused.reason) {
    case "malformed":
      return invalid("The access token is not a JSON Web Token of this service.");
    case "badSignature":
      return invalid("The access token's signature is not valid.");
    case "notYetValid":
      return invalid(`The access token is not valid before ${time(refused.at)}.`);
    case "expired":
      return new AuthenticationFault(
        "ExpiredAuthenticationToken",
        `The access token expired at ${time(refused.at)}.`,
      );
    case "wrongAudience":
      // Worded as the real service does: people search for this sentence.
      return new AuthenticationFault(
        "InvalidAuthenticationTokenAudience",
        `The access token has been obtained for wrong audience or resource '${refused.audience}'. It should exactly match with one of the allowed audiences ${audiences.map((audience) => `'${audience}'`).join(",")}.`,
      );
    case "foreignTenant":
      return invalid("The access token names one tenant as its own and another as its issuer.");
  }
}

const invalid = (message: string) => new AuthenticationFault("InvalidAuthenticationToken", message);

const time = (epochSeconds: number): string => new Date(epochSeconds * 1000).toISOString();
