/**
 * Which names of VM sizes mean something. A name tells the series, the number of processors, features by small letters, perhaps an
 * accelerator, and the version; series and numbers are a table, and versions to come of a series that is known have the numbers of its
 * newest. Source: pages "Azure virtual machine size naming conventions", "Sizes for virtual machines in Azure", "Sizes for Cloud Services
 * (classic)"; "Choose a VM size and image for compute nodes in an Azure Batch pool" for those that Batch does not take.
 */

interface Series {
  /** By version, 1 for a name without one: the numbers there are, in ascending order of versions. */
  readonly versions: Readonly<Record<number, readonly number[]>>;
}

const numbers = (text: string): readonly number[] => text.split(" ").map(Number);
const D_FIRST = numbers("1 2 3 4 11 12 13 14");
const D_SECOND = numbers("1 2 3 4 5 11 12 13 14 15");
const COMMON = numbers("2 4 8 16 32 48 64");
const LARGE = numbers("2 4 8 16 20 32 48 64 80 96 104 112 128 160 192");

/** A0 and the basic sizes are not for Batch. */
const SERIES: Readonly<Record<string, Series>> = {
  A: { versions: { 1: numbers("1 2 3 4 5 6 7 8 9 10 11"), 2: numbers("1 2 4 8") } },
  B: { versions: { 1: numbers("1 2 4 8 12 16 20"), 2: numbers("2 4 8 16 32") } },
  D: { versions: { 1: D_FIRST, 2: D_SECOND, 3: COMMON, 4: [...COMMON, 96], 5: [...COMMON, 96], 6: LARGE } },
  DS: { versions: { 1: D_FIRST, 2: D_SECOND } },
  DC: { versions: { 1: [2, 4], 2: [1, 2, 4, 8], 3: numbers("1 2 4 8 16 24 32 48"), 5: [...COMMON, 96] } },
  E: { versions: { 3: [...COMMON, 20], 4: [...COMMON, 20, 80, 96], 5: LARGE } },
  EC: { versions: { 5: [...COMMON, 20, 96, 128] } },
  F: { versions: { 1: [1, 2, 4, 8, 16], 2: [...COMMON, 72], 6: [...COMMON, 80] } },
  FX: { versions: { 1: [4, 12, 24, 36, 48], 2: numbers("2 4 8 12 16 24 32 48 64 96") } },
  G: { versions: { 1: [1, 2, 3, 4, 5] } },
  GS: { versions: { 1: [1, 2, 3, 4, 5] } },
  H: { versions: { 1: [8, 16] } },
  HB: { versions: { 1: [60], 2: [120], 3: [120], 4: [176], 5: [368] } },
  HC: { versions: { 1: [44] } },
  HX: { versions: { 1: [176] } },
  L: {
    versions: {
      1: [4, 8, 16, 32],
      2: numbers("8 16 32 48 64 80"),
      3: [...COMMON, 80],
      4: [...COMMON, 80, 96],
    },
  },
  M: {
    versions: {
      1: numbers("8 16 32 64 128"),
      2: numbers("8 16 32 64 128 192 208 416"),
      3: numbers("12 16 24 32 48 64 96 128 176 208 416 624 832 896 1792"),
    },
  },
  NC: {
    versions: {
      1: [6, 12, 24],
      2: [6, 12, 24],
      3: numbers("4 6 8 12 16 24 64"),
      4: [24, 48, 96],
      5: [40, 80],
    },
  },
  ND: { versions: { 1: [6, 12, 24], 2: [40], 4: [96], 5: [96], 6: [128] } },
  NG: { versions: { 1: [8, 16, 32] } },
  NP: { versions: { 1: [10, 20, 40] } },
  NV: {
    versions: { 1: [6, 12, 24], 3: [12, 24, 48], 4: [4, 8, 16, 32], 5: numbers("6 8 12 16 18 24 28 36 72") },
  },
};

/** Series, number, number of processors in use, features, accelerators, version. */
const NAME =
  /^standard_([a-z]{1,2}?)(\d{1,4})(?:-(\d{1,3}))?([a-z]{0,6})((?:_(?!v\d)[a-z0-9]{1,8}){0,2}?)(?:_v([1-9]))?$/;

/** By their names in small letters, as management spells them. */
const CLOUD_SERVICE_WORDS: ReadonlyMap<string, string> = new Map(
  ["Small", "Medium", "Large", "ExtraLarge"].map((word) => [word.toLowerCase(), word]),
);

/** However a pool was asked for: recorded replies of 2018 to 2020. The data plane has its own spelling. */
export function managementSpelling(vmSize: string): string {
  return CLOUD_SERVICE_WORDS.get(vmSize.toLowerCase()) ?? vmSize.toUpperCase();
}

/** Whether a pool of virtual machines can have the size. */
export function isVirtualMachineSize(vmSize: string): boolean {
  const parts = NAME.exec(vmSize.toLowerCase());
  if (!parts) return false;
  const [, series = "", number, inUse, , , version = "1"] = parts;
  const known = seriesNamed(series);
  if (!known) return false;
  const wanted = Number(version);
  const newest = Math.max(...Object.keys(known.versions).map(Number));
  const counts = known.versions[wanted] ?? (wanted > newest ? known.versions[newest] : undefined);
  return (
    (counts?.includes(Number(number)) ?? false) && (inUse === undefined || Number(inUse) < Number(number))
  );
}

/** Whether a pool of cloud services can have the size: the first series, by words or as `A1` and `Standard_A1`. */
export function isCloudServiceSize(vmSize: string): boolean {
  const name = vmSize.toLowerCase();
  if (CLOUD_SERVICE_WORDS.has(name)) return true;
  return isVirtualMachineSize(name) || /^a(?:[1-9]|1[01])$/.test(name);
}

function seriesNamed(name: string): Series | undefined {
  const upper = name.toUpperCase();
  return Object.hasOwn(SERIES, upper) ? SERIES[upper] : undefined;
}
