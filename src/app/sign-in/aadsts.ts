/** Makes the faults of sign-in from the one table of codes. */
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
