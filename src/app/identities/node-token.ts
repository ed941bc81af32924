/**
 * Issues a token of a node's identity to the agent that hosts the node. The node's own record says which identities it has;
 * an agent is believed only about nodes that it hosts. Each issue and each refusal is audited.
 */
import { randomUUID } from "node:crypto";
import { accessTokenIssuer2 } from "../../core/token/access-token-claims.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { Store } from "../../store/engine/store.ts";
import { identityByKey } from "../../store/identities.ts";
import { type NodeRow, nodeByKey } from "../../store/work/nodes.ts";
import { poolByKey } from "../../store/work/pools.ts";
import type {
  AuditedRequest,
  FromAgent,
  HeldToken,
  RefusedRequest,
  ToAgent,
} from "../../wire/agent/messages.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import {
  type AccessTokens,
  IDENTITY_LIFETIME_SECONDS,
  type IdentityPrincipal,
} from "../directory/access-token.ts";
import type { Directory } from "../directory/directory.ts";
import { principalState } from "../directory/principal-state.ts";
import { tokenMemberships } from "../sign-in/token-memberships.ts";
import { identityOf, identityScope } from "./identity.ts";
import { identityChoice } from "./identity-choice.ts";
import type { AskingNode, IdentityRequests } from "./identity-requests.ts";
import { poolIdentitiesOf } from "./pool-identity.ts";

export interface NodeTokenServices {
  readonly store: Store;
  readonly directory: Directory;
  readonly accessTokens: AccessTokens;
  readonly requests: IdentityRequests;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly account: (accountKey: number) => AccountHandle | undefined;
}

type Ask = Extract<FromAgent, { t: "identity.ask" }>;
type Answer = Extract<ToAgent, { t: "identity.token" | "identity.held" | "identity.refused" }>;

/** As long as resource ids are. */
const SHOWN_MAX_CHARACTERS = 300;
/** A token with less left is replaced. */
const NEAR_END_SECONDS = 300;

export async function nodeTokenIssue(
  services: NodeTokenServices,
  agentId: string,
  ask: Ask,
): Promise<Answer> {
  const { store, directory, accessTokens, requests } = services;
  const asker = await findNode(services, agentId, ask.nodeKey);
  if (asker === undefined) return refusal(ask, "invalid_request", "Identity not found");
  const named = ask.identity && { [ask.identity.by]: shown(ask.identity.value) };
  const asked = `?${new URLSearchParams({ resource: shown(ask.resource), ...named })}`;
  const tell = (status: number, missing?: string, identity?: IdentityPrincipal) =>
    requests.ofNode(asker, {
      operation: "Identity_Token",
      asked,
      status,
      ...(missing !== undefined && { missing }),
      ...(identity && { identity }),
    });
  const refuse = async (error: string, description: string, identity?: IdentityPrincipal) => {
    await tell(400, description, identity);
    return refusal(ask, error, description);
  };
  const choice = identityChoice(await identitiesOf(store.read, asker.node), ask.identity);
  if (!("identity" in choice)) return refuse(choice.error, choice.description);
  const { identity } = choice;
  const { tenantId, principalId, clientId } = identity;
  if ((await principalState(directory.read, tenantId, principalId)) !== "active") {
    const description = `AADSTS7000112: Application '${clientId}' is disabled.`;
    return refuse("unauthorized_client", description, identity);
  }
  const resource = await directory.resource(tenantId, ask.resource);
  if (resource === undefined) {
    const description = `AADSTS500011: The resource principal named ${ask.resource} was not found in the tenant ${tenantId}.`;
    return refuse("invalid_resource", description, identity);
  }
  const left = ask.held && secondsLeft(ask.held, clientId, services.clock());
  if (left !== undefined) return { t: "identity.held", id: ask.id, lifetime: left };
  const roles = await directory.appRoles(principalId, resource);
  const requestId = randomUUID();
  const claims = resource.registration.optionalClaims?.accessToken;
  const holder = { kind: "servicePrincipals", tenantId, objectId: principalId } as const;
  const { token, notBefore, expiresAt } = await accessTokens.issueToIdentity({
    identity,
    resource,
    audience: ask.resource,
    roles,
    request: {
      issuer: accessTokenIssuer2(tenantId),
      requestId,
      source: "",
      memberships: await tokenMemberships(directory, resource, claims, holder),
    },
  });
  await tell(200, undefined, identity);
  return {
    t: "identity.token",
    id: ask.id,
    token: {
      accessToken: token,
      clientId,
      notBefore,
      expiresOn: expiresAt,
      lifetime: IDENTITY_LIFETIME_SECONDS,
    },
  };
}

/** What a node's agent has refused by itself goes into the audit log as well. */
export async function nodeRequestRefused(
  services: NodeTokenServices,
  agentId: string,
  { nodeKey, target, status, reason, from, run, times }: RefusedRequest,
): Promise<void> {
  const node = await findNode(services, agentId, nodeKey);
  if (node === undefined) return;
  const request = { operation: "Metadata_Request", asked: ` ${target}`, status, missing: reason } as const;
  const who = { ...(from !== undefined && { from }), ...(run !== undefined && { run }) };
  await services.requests.ofNode(node, { ...request, ...who }, times);
}

/** What a node's agent has judged by the metadata security protocol. */
export async function nodeRequestAudited(
  services: NodeTokenServices,
  agentId: string,
  { nodeKey, endpoint, target, status, asker, reason, run, times }: AuditedRequest,
): Promise<void> {
  const node = await findNode(services, agentId, nodeKey);
  if (node === undefined) return;
  const operation = endpoint === "imds" ? "Metadata_Request" : "WireServer_Request";
  const request = { operation, asked: ` ${target}`, status, asker } as const;
  const more = { ...(reason !== undefined && { missing: reason }), ...(run !== undefined && { run }) };
  await services.requests.ofNode(node, { ...request, ...more }, times);
}

/** A line of the audit log holds what a task has made up only so far. */
const shown = (value: string) =>
  value.length > SHOWN_MAX_CHARACTERS ? `${value.slice(0, SHOWN_MAX_CHARACTERS)}…` : value;

async function findNode(
  { store, account }: NodeTokenServices,
  agentId: string,
  nodeKey: string,
): Promise<AskingNode | undefined> {
  const node = await nodeByKey.first(store.read, { key: Number(nodeKey) });
  if (node?.agent_id !== agentId) return undefined;
  const pool = await poolByKey.first(store.read, { key: node.pool_key });
  const handle = pool && account(pool.account_key);
  return handle && { account: handle, node, path: `/pools/${pool.id}/nodes/${node.id}` };
}

/** The node's identities that are still there: one may have been deleted since the node came. */
async function identitiesOf(c: Connection, node: NodeRow): Promise<IdentityPrincipal[]> {
  const rows = await Promise.all(
    poolIdentitiesOf(node).map(({ identityKey }) => identityByKey.first(c, { key: identityKey })),
  );
  return rows.flatMap((row) => {
    if (row === undefined) return [];
    const identity = identityOf(row);
    return [{ ...identity, resourceId: identityScope(identity) }];
  });
}

/**
 * Of a token that a node's agent keeps. A clock that was set back makes it one of the future.
 * @returns undefined where a new one is due
 */
function secondsLeft(held: HeldToken, clientId: string, nowMs: number): number | undefined {
  const now = Math.floor(nowMs / 1_000);
  const isGood =
    held.clientId === clientId && held.notBefore <= now && held.expiresOn > now + NEAR_END_SECONDS;
  return isGood ? held.expiresOn - now : undefined;
}

function refusal({ id }: Ask, error: string, description: string): Answer {
  return { t: "identity.refused", id, status: 400, error, description };
}
