/**
 * The environment variables that lead to an installed application package on a Linux node. Sources: "Deploy applications to compute nodes
 * with Batch application packages"; "Azure Batch runtime environment variables". Pure.
 */

const PREFIX = "AZ_BATCH_APP_PACKAGE_";

/**
 * One with the version; one without where the version is the application's default. The first page keeps the application's case, the
 * second one writes it small: a task finds both.
 */
export function packageVariables(application: string, version: string, isDefault: boolean): string[] {
  const names = [flattened(`${application}#${version}`), ...(isDefault ? [flattened(application)] : [])];
  return [...new Set(names.flatMap((name) => [name, name.toLowerCase()]))].map((name) => `${PREFIX}${name}`);
}

function flattened(name: string): string {
  return name.replace(/[.#-]/g, "_");
}
