/** Makes the faults that this plane raises from the one table of codes. */
import { Fault } from "../../core/fault.ts";
import { ENTRA_ERRORS, type EntraErrorCode, entraErrorText } from "../../wire/entra/error-codes.ts";

/** @param values fill the text's placeholders; they come from the request and are shortened */
export function aadsts(code: EntraErrorCode, values: Readonly<Record<string, string>> = {}): Fault {
  const MAX_ECHOED = 200;
  const shortened = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value.slice(0, MAX_ECHOED)]),
  );
  return new Fault(`AADSTS${code}`, entraErrorText(code, shortened), { status: ENTRA_ERRORS[code].status });
}

/** Declared, and refused as such until it is built. */
export function notBuilt(what: string): Fault {
  return new Fault("NotImplemented", `${what} is known to this service but not built yet.`, { status: 501 });
}
