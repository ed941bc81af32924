/** The ids under which a job's preparation and release run, and what the job's tasks wait for. */
import type { JobAddParameter } from "../../wire/batch/models-types.gen.ts";

/** Azure's default ids where the job gives none. Azure Batch REST, "JobPreparationTask", "JobReleaseTask". */
export function preparationId({ jobPreparationTask }: JobAddParameter): string | undefined {
  return jobPreparationTask && (jobPreparationTask.id ?? "jobpreparation");
}

export function releaseId({ jobReleaseTask }: JobAddParameter): string | undefined {
  return jobReleaseTask && (jobReleaseTask.id ?? "jobrelease");
}

/** Azure's default: the job's tasks wait until the preparation has succeeded. */
export function waitsForPreparation({ jobPreparationTask }: JobAddParameter): boolean {
  return jobPreparationTask?.waitForSuccess ?? true;
}
