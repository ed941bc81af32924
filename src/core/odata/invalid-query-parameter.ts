/**
 * The one shape in which a bad `$filter`, `$select` or `$expand` is refused. Owns the keys of `values`; knows nothing
 * of grammar.
 */

import { Fault } from "../fault.ts";

/** Characters of the caller's text that the error repeats; a longer one is cut. */
const ECHO_LENGTH = 256;

/** `InvalidQueryParameterValue` (400) naming the parameter, what was sent and what is wrong with it. */
export function invalidQueryParameter(name: string, value: string, reason: string): Fault {
  return new Fault("InvalidQueryParameterValue", "", {
    values: [
      { key: "QueryParameterName", value: name },
      {
        key: "QueryParameterValue",
        value: value.length > ECHO_LENGTH ? `${value.slice(0, ECHO_LENGTH)}…` : value,
      },
      { key: "Reason", value: reason },
    ],
  });
}
