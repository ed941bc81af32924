/** The conditional headers of a request about something in a Batch account. Source: "Pool - Create" of management. */
import { Fault } from "../../../core/fault.ts";
import { conditionsHold } from "../../../http/conditional-headers.ts";
import type { ArmContext } from "./context.ts";

/** Undefined is a resource that is not there. */
export type ArmPrecondition = (
  resource: { readonly etag: string; readonly modifiedAt: number } | undefined,
) => void;

/** Throws ConditionNotMet. */
export function preconditionOf({ exchange }: ArmContext): ArmPrecondition {
  // Tags of management are weak, as Azure's are, yet they name one state.
  const { "if-match": ifMatch, ...others } = exchange.headers;
  const strong = ifMatch?.replace(/\bW\/(?=")/g, "");
  const headers = { ...others, ...(strong !== undefined && { "if-match": strong }) };
  return (resource) => {
    const current = resource && { etag: resource.etag, lastModified: resource.modifiedAt };
    if (conditionsHold(exchange.method, headers, current) !== "ok") throw new Fault("ConditionNotMet");
  };
}
