/** A job's document, parsed once for each text: the hot paths read it for every task. */
import type { JobRow } from "../../store/work/jobs.ts";
import type { JobAddParameter } from "../../wire/batch/models-types.gen.ts";

/** Characters of the texts that are remembered together; a document has at most a request's million. */
const MAX_CHARACTERS = 4_000_000;

/**
 * By the text itself, which says all there is to know: the same whatever store it came from, and a text that was written and then
 * rolled back is simply not asked for again.
 */
const parsed = new Map<string, JobAddParameter>();
let characters = 0;

/** Shared by all who ask: not to be changed. */
export function jobSpecOf({ spec: text }: Pick<JobRow, "spec">): JobAddParameter {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const spec = JSON.parse(text) as JobAddParameter;
  if (characters + text.length > MAX_CHARACTERS) {
    parsed.clear();
    characters = 0;
  }
  parsed.set(text, spec);
  characters += text.length;
  return spec;
}
