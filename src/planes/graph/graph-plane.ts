/**
 * Microsoft Graph: so far it says who may ask, and that nothing is built yet. The directory's resources come as files beside
 * this one.
 */
import type {
  AccessTokenVerifier,
  TokenPrincipal,
  TokenRefusal,
} from "../../app/directory/access-token-verify.ts";
import { Fault } from "../../core/fault.ts";
import type { Exchange, Handler } from "../../http/exchange.ts";
import { GRAPH_RESOURCE_NAMES } from "../../wire/entra/resources.ts";
import { replyFault } from "./envelope.ts";

export interface GraphPlane {
  readonly tokens: AccessTokenVerifier;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function graphPlane(plane: GraphPlane): Handler {
  return (exchange) => {
    try {
      authenticate(plane, exchange);
      throw new Fault("NotImplemented", "This resource of Microsoft Graph is not built yet.", {
        status: 501,
      });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      replyFault(exchange, error, plane.clock());
    }
  };
}

/** @throws Fault InvalidAuthenticationToken (401) */
function authenticate({ tokens }: GraphPlane, exchange: Exchange): TokenPrincipal {
  const token = /^Bearer +([^ ]+) *$/i.exec(exchange.headers.authorization ?? "")?.[1];
  if (token === undefined) throw unauthenticated("The request has no access token.");
  const audiences = [...GRAPH_RESOURCE_NAMES, exchange.origin, `${exchange.origin}/`];
  const verdict = tokens.verify(token, { audiences });
  if (!verdict.ok) throw unauthenticated(REFUSALS[verdict.reason]);
  return verdict.principal;
}

const REFUSALS: Record<TokenRefusal["reason"], string> = {
  malformed: "The access token is not a JSON Web Token of this service.",
  badSignature: "The access token's signature is not valid.",
  notYetValid: "The access token is not valid yet.",
  expired: "The access token's lifetime is over.",
  wrongAudience: "The access token is for another audience than Microsoft Graph.",
  foreignTenant: "The access token names one tenant as its own and another as its issuer.",
};

const unauthenticated = (message: string) =>
  new Fault("InvalidAuthenticationToken", message, { status: 401 });
