/**
 * What a handler of the management plane gets, and what it gives back. By the time a handler runs, the caller is
 * authenticated and authorized, and the subscription and group that the path names exist.
 */
import type { AccessJournal } from "../../../app/access/access-journal.ts";
import type { AccessTokenVerifier, TokenPrincipal } from "../../../app/directory/access-token-verify.ts";
import type { Management } from "../../../app/management/management.ts";
import type { ResourceGroup } from "../../../app/subscriptions/resource-group-read.ts";
import type { Subscription } from "../../../app/subscriptions/subscription-read.ts";
import type { VersionRecordings } from "../../../app/versions/version-recordings.ts";
import type { VersionDoor } from "../../../core/version/version-door.ts";
import type { Exchange } from "../../../http/exchange.ts";
import type { Permission } from "../../../wire/rbac/permission.ts";
import type { ManagementWatch } from "./management-watch.ts";

export interface ArmPlane extends Management {
  readonly journal: AccessJournal;
  readonly tokens: AccessTokenVerifier;
  readonly versions: VersionDoor;
  readonly versionRecordings: VersionRecordings;
  /** The port on which this machine serves the account; undefined when it has none. */
  readonly accountPort: (accountKey: number) => number | undefined;
  readonly clock: () => number;
  readonly log: (line: string) => void;
}

export interface ArmContext {
  readonly plane: ArmPlane;
  /** While a recording of api-versions is on; whoever reads a body that the lists of successors know of tells it. */
  readonly watch: ManagementWatch | undefined;
  readonly exchange: Exchange;
  readonly principal: TokenPrincipal;
  readonly apiVersion: string;
  /** The path's parameters, decoded, by their names in the operation's table. */
  readonly path: Readonly<Record<string, string>>;
  readonly parent: ArmParent;
  /** Whether the caller holds the operation's permission at this scope. */
  readonly allowedAt: (scope: string) => boolean;
  /**
   * For what a request refers to: whether the caller holds the permission there, too.
   * @throws Fault LinkedAuthorizationFailed naming what is missing
   */
  readonly requireLinked: (permission: Permission, scope: string) => void;
}

/** Where a path leads: the subscription and the resource group that its beginning names. */
export interface ArmParent {
  /** @throws when the operation's path names none: a programmer's error */
  readonly subscription: Subscription;
  /** @throws when the operation's path names none: a programmer's error */
  readonly group: ResourceGroup;
}

export interface ArmReply {
  /** Default: the operation's first success code. */
  readonly status?: number;
  readonly json?: object;
  /** Names and values in turn. */
  readonly headers?: readonly string[];
}

export type ArmHandler = (context: ArmContext) => Promise<ArmReply>;
