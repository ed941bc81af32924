/** The comma-separated property paths of `$select` and `$expand`; refuses an empty or malformed list. */

import { invalidQueryParameter } from "./invalid-query-parameter.ts";

/** Ours: as for filters, what a request line can carry. */
export const PROPERTY_LIST_LENGTH_MAX = 16_384;

const PATH = /^(?:\*|[A-Za-z_][\w.]*(?:\/[A-Za-z_][\w.]*)*)$/;

/** The paths as written, in order. @throws Fault InvalidQueryParameterValue */
export function propertyList(parameter: "$select" | "$expand", text: string): string[] {
  if (text.length > PROPERTY_LIST_LENGTH_MAX) {
    throw invalidQueryParameter(
      parameter,
      text,
      `The list is longer than ${PROPERTY_LIST_LENGTH_MAX} characters`,
    );
  }
  return text.split(",").map((item, index) => {
    const path = item.trim();
    if (PATH.test(path)) return path;
    throw invalidQueryParameter(
      parameter,
      text,
      `Item ${index + 1} of the list is not the name of a property`,
    );
  });
}
