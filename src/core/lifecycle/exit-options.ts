/**
 * What a task's way of ending means for its job and for the tasks that depend on it. Source: Azure Batch REST, "ExitConditions"
 * and "ExitOptions".
 */

export type JobAction = "none" | "disable" | "terminate";
export type DependencyAction = "satisfy" | "block";

export interface ExitOptions {
  readonly jobAction?: JobAction;
  readonly dependencyAction?: DependencyAction;
}

export interface ExitConditions {
  readonly exitCodes?: readonly { readonly code: number; readonly exitOptions: ExitOptions }[];
  readonly exitCodeRanges?: readonly {
    readonly start: number;
    readonly end: number;
    readonly exitOptions: ExitOptions;
  }[];
  readonly preProcessingError?: ExitOptions;
  readonly fileUploadError?: ExitOptions;
  readonly default?: ExitOptions;
}

/** How an attempt that is the task's last one ended. */
export type Ending =
  | { readonly kind: "exited"; readonly exitCode: number }
  | { readonly kind: "preProcessingError" }
  | { readonly kind: "fileUploadError" }
  /** Stopped by a time limit: no condition names it but `default`. */
  | { readonly kind: "ended" }
  /** Stopped by a user: no exit at all, so no condition is about it. */
  | { readonly kind: "terminated" };

/** Both actions, after the most specific condition that applies; what it leaves open follows the documented defaults. */
export function exitOptionsFor(
  conditions: ExitConditions | undefined,
  ending: Ending,
): Required<ExitOptions> {
  if (ending.kind === "terminated") return { jobAction: "none", dependencyAction: "block" };
  const chosen = (conditions && conditionFor(conditions, ending)) ?? {};
  const succeeded = ending.kind === "exited" && ending.exitCode === 0;
  return {
    jobAction: chosen.jobAction ?? (succeeded ? "none" : "terminate"),
    dependencyAction: chosen.dependencyAction ?? (succeeded ? "satisfy" : "block"),
  };
}

/** Where the conditions first ask for a job action, e.g. `exitCodes[0].exitOptions.jobAction`. */
export function jobActionPath(conditions: ExitConditions): string | undefined {
  const { exitCodes = [], exitCodeRanges = [], ...whole } = conditions;
  const asking: (readonly [path: string, options: ExitOptions | undefined])[] = [
    ...exitCodes.map(({ exitOptions }, i) => [`exitCodes[${i}].exitOptions`, exitOptions] as const),
    ...exitCodeRanges.map(({ exitOptions }, i) => [`exitCodeRanges[${i}].exitOptions`, exitOptions] as const),
    ...Object.entries(whole),
  ];
  const found = asking.find(([, options]) => options?.jobAction !== undefined);
  return found && `${found[0]}.jobAction`;
}

function conditionFor(conditions: ExitConditions, ending: Ending): ExitOptions | undefined {
  switch (ending.kind) {
    case "exited": {
      const { exitCode } = ending;
      const exact = conditions.exitCodes?.find(({ code }) => code === exitCode);
      const range = conditions.exitCodeRanges?.find(({ start, end }) => start <= exitCode && exitCode <= end);
      return (exact ?? range)?.exitOptions ?? (exitCode === 0 ? undefined : conditions.default);
    }
    case "preProcessingError":
      return conditions.preProcessingError ?? conditions.default;
    case "fileUploadError":
      return conditions.fileUploadError ?? conditions.default;
    case "ended":
    case "terminated":
      return conditions.default;
  }
}
