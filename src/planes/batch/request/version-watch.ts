/**
 * Tells the recordings of api-versions what one request used. There is one of these only while a recording is on; a request without it pays for
 * one comparison.
 */
import type { AccountHandle } from "../../../app/accounts/account-handle.ts";
import { accountScope } from "../../../app/accounts/account-handle.ts";
import {
  usesOfReply,
  usesOfRequest,
  usesOfSelection,
  type VersionUse,
} from "../../../core/version/version-uses.ts";
import type { Exchange } from "../../../http/exchange.ts";
import type { BatchModelName } from "../../../wire/batch/models.gen.ts";
import type { BatchOperation } from "../../../wire/batch/operation.ts";
import { type BatchOperationId, batchOperations } from "../../../wire/batch/operations.gen.ts";
import type { Caller } from "./authenticate.ts";
import type { BatchPlane } from "./batch-plane.ts";

export class VersionWatch {
  readonly #plane: BatchPlane;
  readonly #exchange: Exchange;
  readonly #uses: VersionUse[] = [];
  #request:
    | { account: AccountHandle; caller: Caller; version: number; operation: BatchOperationId }
    | undefined;

  constructor(plane: BatchPlane, exchange: Exchange) {
    this.#plane = plane;
    this.#exchange = exchange;
  }

  /** @param version index of the api-version that the client asked for, whatever it is answered as */
  request(account: AccountHandle, caller: Caller, version: number, operation: BatchOperationId): void {
    this.#request = { account, caller, version, operation };
    const select = this.#exchange.query.get("$select");
    const { response }: BatchOperation = batchOperations[operation];
    if (select !== undefined && response !== undefined) {
      this.#uses.push(...usesOfSelection(response, version, select));
    }
  }

  /** Of the body as it was sent: the check changes it. */
  body(model: BatchModelName, value: unknown): void {
    if (this.#request) this.#uses.push(...usesOfRequest(model, this.#request.version, value));
  }

  /** Of the reply as it is sent. */
  reply(model: BatchModelName, version: number, json: object): void {
    this.#uses.push(...usesOfReply(model, version, json));
  }

  /** Once, when the request is known to have been the caller's to make. */
  keep(): void {
    if (this.#request === undefined) return;
    const { account, caller, version, operation } = this.#request;
    this.#plane.versionRecordings.add({
      tenantId: account.tenantId,
      principalId: caller.kind === "principal" ? caller.principal.objectId : null,
      scope: accountScope(account),
      userAgent: this.#exchange.userAgent,
      version,
      requestId: this.#exchange.id,
      operation,
      uses: this.#uses,
    });
  }
}
