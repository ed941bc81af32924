/**
 * What a handler of Graph gets, and what it gives back. By the time a handler runs, the caller is authenticated, and allowed to do
 * this in the directory of its tenant.
 */
import type { Access } from "../../../app/access/access.ts";
import type { AccessJournal } from "../../../app/access/access-journal.ts";
import type { AccessTokenVerifier } from "../../../app/directory/access-token-verify.ts";
import type { Directory } from "../../../app/directory/directory.ts";
import type { GraphCaller } from "../../../core/access/graph-access.ts";
import type { Exchange } from "../../../http/exchange.ts";
import type { Modifiers } from "../../../wire/graph/mechanics.ts";
import type { GraphOperationId } from "../../../wire/graph/operations.ts";

import type { Deltas } from "./delta.ts";

export interface GraphPlane {
  readonly access: Access;
  readonly journal: AccessJournal;
  readonly directory: Directory;
  readonly tokens: AccessTokenVerifier;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: (line: string) => void;
}

export interface Caller extends GraphCaller {
  readonly tenantId: string;
  /** The application that the token was issued to. */
  readonly appId: string;
  /** The user's, or the service principal's. */
  readonly objectId: string;
}

export interface GraphContext {
  readonly plane: GraphPlane;
  readonly exchange: Exchange;
  readonly caller: Caller;
  readonly tenantId: string;
  readonly version: "v1.0" | "beta";
  /** The path's parameters, decoded, by their names in the operation's row; an OData key as it was sent: `appId='x'`. */
  readonly path: Readonly<Record<string, string>>;
  readonly modifiers: Modifiers;
  readonly deltas: Deltas;
  /** What `$expand` shows beside an object. */
  readonly related: (id: string, relation: string) => Promise<readonly object[]>;
}

export interface GraphReply {
  readonly json?: object;
  /** In the place of JSON. */
  readonly text?: string;
  /** Of what was made, below the version: `/users/<id>`. */
  readonly location?: string;
}

export interface GraphOperationHandler {
  readonly id: GraphOperationId;
  readonly handle: (context: GraphContext) => Promise<GraphReply>;
}

/** Ties a handler to its row. A resource's file exports these; `operations.ts` gathers them. */
export function operation(
  id: GraphOperationId,
  handle: GraphOperationHandler["handle"],
): GraphOperationHandler {
  return { id, handle };
}
