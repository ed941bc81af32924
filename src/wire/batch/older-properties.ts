/**
 * Properties that older api-versions have under another name. Requests are read into the newer name, replies are shown by the older one; which
 * version has which says the generated table. Source: the models of PyPI's `azure-batch` 2.0.1 to 6.0.0 beside each other.
 */

export interface OlderProperty {
  readonly now: string;
  readonly once: string;
  /** The older one is a single value, the newer a list of them. */
  readonly isFirst?: true;
  /** Values of the newer one that the older one did not show, by their `code`. */
  readonly hides?: string;
}

const NODES = [{ now: "targetDedicatedNodes", once: "targetDedicated" }] as const;
const FAILURE = [{ now: "failureInfo", once: "schedulingError", hides: "FailureExitCode" }] as const;

export const OLDER_PROPERTIES: Readonly<Record<string, readonly OlderProperty[]>> = {
  CloudPool: [
    ...NODES,
    { now: "currentDedicatedNodes", once: "currentDedicated" },
    { now: "resizeErrors", once: "resizeError", isFirst: true },
  ],
  PoolAddParameter: NODES,
  PoolSpecification: NODES,
  PoolResizeParameter: NODES,
  ResourceFile: [{ now: "httpUrl", once: "blobSource" }],
  ExitConditions: [{ now: "preProcessingError", once: "schedulingError" }],
  JobPreparationTaskExecutionInformation: FAILURE,
  JobReleaseTaskExecutionInformation: FAILURE,
  StartTaskInformation: FAILURE,
  SubtaskInformation: FAILURE,
  TaskExecutionInformation: FAILURE,
};
