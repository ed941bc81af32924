/**
 * Why a job cannot be scheduled: its pool cannot be made. The job is there all the same, and tells it. Pure. Source: Azure Batch REST,
 * "JobSchedulingError"; the codes are those of the .NET library's `JobSchedulingErrorCodes`.
 */
import type { Fault } from "../fault.ts";

/** As it is kept on the job's row. */
export interface SchedulingError {
  readonly category: "usererror" | "servererror";
  readonly code: string;
  readonly message: string;
  readonly details: readonly { readonly name: string; readonly value: string }[];
}

const OF_AUTO_POOLS: ReadonlyMap<string, readonly [code: string, message: string]> = new Map([
  [
    "InvalidCertificateReferences",
    ["InvalidCertificatesInAutoPool", "One or more certificates of the auto pool are not there."],
  ],
  [
    "InvalidApplicationPackageReferences",
    [
      "InvalidApplicationPackageReferencesInAutoPool",
      "One or more application packages of the auto pool are not there.",
    ],
  ],
  [
    "AutoScalingFormulaSyntaxError",
    ["InvalidAutoScaleFormulaInAutoPool", "The autoscale formula of the auto pool is not valid."],
  ],
  [
    "AutoScalingFormulaTooLong",
    ["InvalidAutoScaleFormulaInAutoPool", "The autoscale formula of the auto pool is too long."],
  ],
  [
    "PoolQuotaReached",
    ["AutoPoolCreationFailedWithQuotaReached", "The account has as many pools as it may have."],
  ],
]);

/** @param fault with which the job's auto pool was refused */
export function schedulingError({ code, message, values }: Fault): SchedulingError {
  const [shown, text] = OF_AUTO_POOLS.get(code) ?? [
    "Unknown",
    message || `The auto pool was refused: ${code}`,
  ];
  const details = values.map(({ key, value }) => ({ name: key, value }));
  return { category: "usererror", code: shown, message: text, details };
}

/** Whether a request for the job is taken, and the job tells of the refusal. What else is wrong with a pool refuses the request. */
export function isSchedulingError({ code }: Fault): boolean {
  return OF_AUTO_POOLS.has(code);
}
