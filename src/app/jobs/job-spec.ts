/** The job's document as parsed once per version: the hot paths read it for every task. */
import type { JobRow } from "../../store/jobs.ts";
import type { JobAddParameter } from "../../wire/batch/models-types.gen.ts";

const MAX_PARSED_JOBS = 1_000;
const parsed = new Map<number, { version: number; spec: JobAddParameter }>();

export function jobSpecOf(job: Pick<JobRow, "key" | "version" | "spec">): JobAddParameter {
  const known = parsed.get(job.key);
  if (known?.version === job.version) return known.spec;
  const spec = JSON.parse(job.spec) as JobAddParameter;
  if (parsed.size >= MAX_PARSED_JOBS) parsed.clear();
  parsed.set(job.key, { version: job.version, spec });
  return spec;
}
