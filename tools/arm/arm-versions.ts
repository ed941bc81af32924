/**
 * Which api-versions a management operation takes beside those whose descriptions are at hand: all that its resource's type has, as the
 * lists of types by version name them, and for what has no type of its own what the real services name in their errors.
 */
import { readJson } from "../specs-folder.ts";

/** By resource type, oldest first. */
export type TypeVersions = Readonly<Record<string, readonly string[]>>;

export const readTypeVersions = (folder: string): TypeVersions =>
  readJson<TypeVersions>(folder, "types/api-versions.json");

/** Resource Manager's own operations share one list. Source: its error InvalidApiVersionParameter, which names them. */
const RESOURCE_MANAGER = [
  ..."2014-01-01 2014-04-01 2015-01-01 2015-11-01 2016-02-01 2016-06-01 2016-07-01 2016-09-01".split(" "),
  ..."2017-03-01 2017-05-01 2017-05-10 2017-06-01 2017-08-01 2017-12-01 2018-01-01 2018-02-01".split(" "),
  ..."2018-05-01 2018-06-01 2018-07-01 2018-08-01 2018-09-01 2018-11-01 2019-03-01 2019-05-01".split(" "),
  ..."2019-05-10 2019-06-01 2019-07-01 2019-08-01 2019-09-01 2019-10-01 2019-11-01 2020-01-01".split(" "),
  ..."2020-05-01 2020-06-01 2020-07-01 2020-08-01 2020-09-01 2020-10-01 2021-01-01 2021-04-01".split(" "),
  ..."2021-10-01 2022-01-01 2022-03-01-preview 2022-05-01 2022-06-01 2022-09-01 2022-12-01".split(" "),
  ..."2023-07-01 2024-03-01 2024-07-01 2024-08-01 2024-11-01 2025-03-01 2025-04-01".split(" "),
];

/** By path: of operations without a type in the lists, or with older versions than those have. */
const MORE: readonly [RegExp, readonly string[]][] = [
  [/^\/(?!.*\/providers\/Microsoft\.(?!Resources\/))/, RESOURCE_MANAGER],
  // Of clients of 2016 to 2020, the portal's and Batch Explorer's among them.
  [
    /Microsoft\.Authorization\/(roleAssignments|roleDefinitions)/,
    [
      ..."2016-07-01 2017-05-01 2017-09-01 2018-07-01 2018-12-01-preview 2019-04-01-preview".split(" "),
      "2022-05-01-preview",
    ],
  ],
  [
    /Microsoft\.Authorization\/(permissions|providerOperations)/,
    ["2016-07-01", "2017-05-01", "2022-05-01-preview"],
  ],
  [/Microsoft\.Authorization\/denyAssignments/, ["2018-07-01-preview", "2019-03-01-preview"]],
];

/** Whose versions are meant where the path names no type. */
const ROOTS: Readonly<Record<string, string>> = {
  "Microsoft.Batch": "Microsoft.Batch/batchAccounts",
  "Microsoft.ManagedIdentity": "Microsoft.ManagedIdentity/userAssignedIdentities",
};

/** Operations that are younger than their type. */
const SINCE: readonly [RegExp, string][] = [
  [/\/(virtualMachineSkus|cloudServiceSkus|outboundNetworkDependenciesEndpoints)$/, "2021-06-01"],
];

/** Operations that end before their type, with their last api-version. */
const UNTIL: readonly [RegExp, string][] = [[/\/cloudServiceSkus$/, "2024-02-01"]];
const lastOf = (path: string): string | undefined => UNTIL.find(([pattern]) => pattern.test(path))?.[1];

export function undescribedVersions(path: string, types: TypeVersions): string[] {
  const [since = ""] = SINCE.filter(([pattern]) => pattern.test(path)).map(([, version]) => version);
  const more = MORE.filter(([pattern]) => pattern.test(path)).flatMap(([, versions]) => versions);
  const until = lastOf(path) ?? "~";
  return [...(types[typeOf(path, types)] ?? []), ...more].filter(
    (version) => version >= since && version <= until,
  );
}

/** That the operation or its type ends before its provider's newest api-version: whoever asks for a newer one is not answered as the last. */
export function isDropped(path: string, types: TypeVersions): boolean {
  if (lastOf(path) !== undefined) return true;
  const type = typeOf(path, types);
  const root = types[type.split("/").slice(0, 2).join("/")]?.at(-1) ?? "";
  return (types[type]?.at(-1) ?? "") < root;
}

function typeOf(path: string, types: TypeVersions): string {
  const [, namespace = "", rest = ""] = /.*\/providers\/(Microsoft\.\w+)\/(.*)$/.exec(path) ?? [];
  const parts = rest.split("/").filter((_, index) => index % 2 === 0);
  for (; parts.length > 0; parts.pop()) {
    const type = `${namespace}/${parts.join("/")}`;
    if (types[type] !== undefined) return type;
  }
  return ROOTS[namespace] ?? "";
}

/** A preview comes before the version of its date. */
export function orderOfVersions(a: string, b: string): number {
  const key = (version: string) => (version.length > 10 ? version : `${version}~`);
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}
