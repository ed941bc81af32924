/** How a path or a reference names an object. */
import { Fault } from "../../../core/fault.ts";

const ALTERNATE = /^(\w+)='((?:[^']|'')*)'$/;

/**
 * The value of the path's key, which must be the object's id unless an alternate key is named.
 * @param alternate the one that the resource has, e.g. `appId`
 * @throws Fault BadRequest for an alternate key that the resource does not have
 */
export function keyOf(segment: string | undefined, alternate: string): { value: string; isId: boolean } {
  const [, name, value = ""] = ALTERNATE.exec(segment ?? "") ?? [];
  if (name === undefined) return { value: segment ?? "", isId: true };
  if (name.toLowerCase() === alternate.toLowerCase())
    return { value: value.replaceAll("''", "'"), isId: false };
  throw new Fault("BadRequest", `There is no key '${name.slice(0, 40)}' of this resource.`, { status: 400 });
}

/** Of the form that `$ref` bodies carry: any URL of ours that ends in the object's id. */
const REFERENCE = /\/(?:v1\.0|beta)\/\w+(?:\/|\(')([0-9a-f-]{36})(?:'\))?$/i;

/** @returns undefined for a text that refers to no object */
export const referencedId = (url: string): string | undefined => REFERENCE.exec(url)?.[1]?.toLowerCase();
