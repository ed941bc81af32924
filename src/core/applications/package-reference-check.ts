/** What application package references must be, whatever the account has. Source: Azure Batch REST, "ApplicationPackageReference". */
import {
  APPLICATION_NAME_MAX_CHARACTERS,
  PACKAGE_REFERENCES_MAX,
  PACKAGE_VERSION_MAX_CHARACTERS,
} from "../../wire/batch/limits.ts";
import type { ApplicationPackageReference } from "../../wire/batch/models-types.gen.ts";
import { PropertyProblem } from "../model/property-problem.ts";

/** @param references of the right types; the first problem is told */
export function packageReferencesProblem(
  references: readonly ApplicationPackageReference[],
): PropertyProblem | null {
  if (references.length > PACKAGE_REFERENCES_MAX)
    return problem(`may have at most ${PACKAGE_REFERENCES_MAX} entries`);
  const seen = new Set<string>();
  for (const [at, { applicationId, version = "" }] of references.entries()) {
    const name = applicationId.slice(applicationId.lastIndexOf("/") + 1);
    const isName = name !== "" && name.length <= APPLICATION_NAME_MAX_CHARACTERS;
    if (!isName)
      return problem("must be an application's id", applicationId).within("applicationId").within(`[${at}]`);
    if (version.length > PACKAGE_VERSION_MAX_CHARACTERS)
      return problem(`may have at most ${PACKAGE_VERSION_MAX_CHARACTERS} characters`, version)
        .within("version")
        .within(`[${at}]`);
    const key = `${name}#${version}`.toLowerCase();
    if (seen.has(key)) return problem("names the same package twice", `${name}#${version}`).within(`[${at}]`);
    seen.add(key);
  }
  return null;
}

function problem(reason: string, value?: string): PropertyProblem {
  return new PropertyProblem("InvalidPropertyValue", reason, value);
}
