/** Faults with the Blob service's codes and statuses. */
import { Fault } from "../../core/fault.ts";
import { type BlobErrorCode, blobErrorCodes } from "../../wire/storage/error-codes.ts";

/** @param detail further elements of the reply; a sentence alone tells why the caller is not believed, or not allowed */
export function blobFault(
  code: BlobErrorCode,
  detail: string | Readonly<Record<string, string>> = {},
): Fault {
  const [status, message] = blobErrorCodes[code];
  const elements = typeof detail === "string" ? { AuthenticationErrorDetail: detail } : detail;
  const values = Object.entries(elements).map(([key, value]) => ({ key, value }));
  return new Fault(code, message, { status, values });
}
