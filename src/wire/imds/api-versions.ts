/** The api-versions of the instance metadata service, oldest first. Source: "Azure Instance Metadata Service", "Supported API versions". */

/** All but the preview 2017-03-01, whose network has other names. */
export const IMDS_API_VERSIONS = [
  "2017-04-02",
  "2017-08-01",
  "2017-10-01",
  "2017-12-01",
  "2018-02-01",
  "2018-04-02",
  "2018-10-01",
  "2019-02-01",
  "2019-03-11",
  "2019-04-30",
  "2019-06-01",
  "2019-06-04",
  "2019-08-01",
  "2019-08-15",
  "2019-11-01",
  "2020-06-01",
  "2020-07-15",
  "2020-09-01",
  "2020-10-01",
  "2020-12-01",
  "2021-01-01",
  "2021-02-01",
  "2021-03-01",
  "2021-05-01",
  "2021-08-01",
  "2021-10-01",
  "2021-11-01",
  "2021-11-15",
  "2021-12-13",
  "2023-07-01",
  "2023-11-15",
  "2024-03-15",
  "2024-07-17",
  "2025-04-07",
] as const;

/** The versions that give tokens of identities. */
export const IDENTITY_API_VERSIONS = IMDS_API_VERSIONS.filter((version) => version >= "2018-02-01");

/** How many are named to a client that asks for none, or for an unknown one. */
const NAMED = 3;

export function newestVersions(versions: readonly string[]): string[] {
  return versions.slice(-NAMED).reverse();
}
