/** What an output file may ask for. Source: Azure Batch REST, "OutputFile"; Azure Storage REST, "Put Blob". */
import type { OutputFile } from "../../wire/batch/models-types.gen.ts";
import { PropertyProblem } from "../model/property-problem.ts";
import { identityReferenceProblem } from "./identity-reference-check.ts";
import { isHttpUrl } from "./resource-file-check.ts";

/** What a blob can be given; nothing that says who asks, where, or how long the request is. */
const UPLOAD_HEADER =
  /^(x-ms-(blob-(content-(type|encoding|language|disposition)|cache-control)|meta-[a-z_]\w*|tags|access-tier|encryption-scope)|content-(type|encoding|language)|cache-control)$/i;

/** @param files of the right types; the first problem is told */
export function outputFilesProblem(files: readonly OutputFile[]): PropertyProblem | null {
  for (const [at, file] of files.entries()) {
    const problem = problemOf(file);
    if (problem) return problem.within(`[${at}]`);
  }
  return null;
}

function problemOf({ filePattern, destination }: OutputFile): PropertyProblem | null {
  const invalid = (reason: string, value: unknown, ...path: string[]) => {
    const problem = new PropertyProblem("InvalidPropertyValue", reason, value);
    for (const step of path.reverse()) problem.within(step);
    return problem;
  };
  if (filePattern.trim() === "" || filePattern.includes("\0"))
    return invalid("must not be empty, nor contain a NUL", filePattern, "filePattern");
  const { container } = destination;
  if (!container) return invalid("must be given", undefined, "destination", "container");
  if (!isHttpUrl(container.containerUrl))
    return invalid(
      "must be an http or https URL",
      container.containerUrl,
      "destination",
      "container",
      "containerUrl",
    );
  const identity = identityReferenceProblem(container.identityReference);
  if (identity) return identity.within("identityReference").within("container").within("destination");
  for (const [at, { name, value = "" }] of (container.uploadHeaders ?? []).entries()) {
    if (UPLOAD_HEADER.test(name) && /^[\t -~]*$/.test(value)) continue;
    return invalid(
      "is no header of an upload",
      name,
      "destination",
      "container",
      "uploadHeaders",
      `[${at}]`,
      "name",
    );
  }
  return null;
}
