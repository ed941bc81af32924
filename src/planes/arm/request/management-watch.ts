/**
 * Tells the recordings of api-versions what one request to `Microsoft.Batch` and its reply held. There is one of these only while a recording is on.
 */

import type { TokenPrincipal } from "../../../app/directory/access-token-verify.ts";
import type { VersionRecordings } from "../../../app/versions/version-recordings.ts";
import { type ManagementPart, partsOfReply, partsOfRequest } from "../../../core/version/management-uses.ts";
import type { Exchange } from "../../../http/exchange.ts";
import type { Route } from "./route.ts";

export class ManagementWatch {
  readonly #recordings: VersionRecordings;
  readonly #exchange: Exchange;
  readonly #principal: TokenPrincipal;
  readonly #route: Route;
  readonly #apiVersion: string;
  readonly #parts: ManagementPart[] = [];

  /** @param apiVersion that the client asked for */
  constructor(
    recordings: VersionRecordings,
    exchange: Exchange,
    { principal, route, apiVersion }: { principal: TokenPrincipal; route: Route; apiVersion: string },
  ) {
    this.#recordings = recordings;
    this.#exchange = exchange;
    this.#principal = principal;
    this.#route = route;
    this.#apiVersion = apiVersion;
  }

  /** As it was sent. */
  body(value: object): void {
    this.#parts.push(...partsOfRequest(this.#route.id, value));
  }

  reply(json: object): void {
    this.#parts.push(...partsOfReply(this.#route.id, json));
  }

  /** Once, whether the request was answered or refused. */
  keep(): void {
    this.#recordings.addManagement({
      tenantId: this.#principal.tenantId,
      principalId: this.#principal.objectId,
      scope: this.#route.scope,
      userAgent: this.#exchange.userAgent,
      requestId: this.#exchange.id,
      apiVersion: this.#apiVersion,
      operation: this.#route.id,
      parts: this.#parts,
    });
  }
}
