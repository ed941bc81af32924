/** What the directory's use cases raise, in Graph's words: they are the ones that callers of the directory see. */
import { Fault } from "../../core/fault.ts";

/** @param property the one that is wrong, e.g. `userPrincipalName` */
export function badDirectoryRequest(message: string, property?: string): Fault {
  const values = property === undefined ? [] : [{ key: property, value: message }];
  return new Fault("Request_BadRequest", message, { status: 400, values });
}

export function directoryObjectMissing(what: string, id: string): Fault {
  return new Fault(
    "Request_ResourceNotFound",
    `There is no ${what} '${id.slice(0, 100)}' in this directory.`,
    {
      status: 404,
    },
  );
}

/** A value that one object alone may have. @param property that has it */
export function objectConflict(property: string): Fault {
  const message = `Another object with the same value for property ${property} already exists.`;
  return new Fault("Request_BadRequest", message, {
    status: 400,
    values: [{ key: property, value: message, code: "ObjectConflict" }],
  });
}

/** @param status Graph answers 409 for a service principal that is there already, 400 for the rest */
export function directoryConflict(message: string, property: string, status: 400 | 409 = 400): Fault {
  return new Fault("Request_MultipleObjectsWithSameKeyValue", message, {
    status,
    values: [{ key: property, value: message }],
  });
}
