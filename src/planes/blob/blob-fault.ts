/** Faults with the Blob service's codes and statuses. */
import { Fault } from "../../core/fault.ts";
import { type BlobErrorCode, blobErrorCodes } from "../../wire/storage/error-codes.ts";

/** @param detail a further sentence for the reader, in an element of its own */
export function blobFault(code: BlobErrorCode, detail?: string): Fault {
  const [status, message] = blobErrorCodes[code];
  const values = detail === undefined ? [] : [{ key: "AuthenticationErrorDetail", value: detail }];
  return new Fault(code, message, { status, values });
}
