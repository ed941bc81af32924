/**
 * What the body of a request to `Microsoft.Batch` of Resource Manager, or of a reply, holds that some later api-version does not have, and values
 * that end on a date. Only what the lists name is looked for, so nothing that a client made up is kept. Linear in the body's size.
 */
import type { ArmOperationId } from "../../wire/arm/operations.ts";
import { ARM_PROPERTY_SUCCESSORS, DATED_PATHS } from "../../wire/arm/successors.ts";
import { datedValue } from "./version-uses.ts";

/** `sent`, `shown`: an index into `ARM_PROPERTY_SUCCESSORS`; `dated`: into `DATED_VALUES`. */
export interface ManagementPart {
  readonly kind: "sent" | "shown" | "dated";
  readonly index: number;
}

export function partsOfRequest(operation: ArmOperationId, body: unknown): ManagementPart[] {
  return [...changing(operation, body, "sent"), ...dated(operation, body)];
}

/** Of one resource, or of a list's. */
export function partsOfReply(operation: ArmOperationId, reply: object): ManagementPart[] {
  const { value } = reply as { readonly value?: unknown };
  const rows: readonly unknown[] = Array.isArray(value) ? value : [reply];
  return changing(operation, rows, "shown", "[].");
}

function changing(
  operation: ArmOperationId,
  value: unknown,
  kind: "sent" | "shown",
  prefix = "",
): ManagementPart[] {
  const name = operation.slice(operation.indexOf("/") + 1);
  return ARM_PROPERTY_SUCCESSORS.flatMap(({ of, path, word, in: where }, index) => {
    if (!name.startsWith(`${of}_`) || where?.test(name) === false) return [];
    const found = valuesAt(value, `${prefix}${path}`.split("."));
    const isThere = word === undefined ? found.length > 0 : found.some((one) => isWord(one, word));
    return isThere ? [{ kind, index }] : [];
  });
}

function dated(operation: ArmOperationId, body: unknown): ManagementPart[] {
  if (!operation.startsWith("Microsoft.Batch/Pool_")) return [];
  return Object.entries(DATED_PATHS).flatMap(([property, path]) =>
    valuesAt(body, path.split(".")).flatMap((value) => {
      const index = datedValue(property, value);
      return index === undefined ? [] : [{ kind: "dated" as const, index }];
    }),
  );
}

const isWord = (value: unknown, word: string) => typeof value === "string" && value.toLowerCase() === word;

/** All that stand there; nothing that is null or left out. */
function valuesAt(value: unknown, steps: readonly string[]): unknown[] {
  let here: readonly unknown[] = [value];
  for (const step of steps) {
    const isList = step.endsWith("[]");
    const name = isList ? step.slice(0, -2) : step;
    here = here.flatMap((one) => {
      const member = name === "" ? one : memberOf(one, name);
      if (member === undefined || member === null) return [];
      return isList ? (Array.isArray(member) ? member : []) : [member];
    });
  }
  return [...here];
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
