/** A fault with a code of Resource Manager's. */
import { Fault } from "../../../core/fault.ts";
import { armErrorCodes } from "../../../wire/arm/error-codes.ts";

export type ArmErrorCode = keyof typeof armErrorCodes;

export function armFault(code: ArmErrorCode, message: string): Fault {
  return new Fault(code, message, { status: armErrorCodes[code] });
}
