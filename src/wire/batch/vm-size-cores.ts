/**
 * Virtual processors of a VM size, as its name tells it. Source: the page "Azure virtual machine size naming conventions": the first
 * number in the name. The first D series counts otherwise and has its own page ("Dv2 sizes"); cloud service sizes are words.
 */
const WORDS: ReadonlyMap<string, number> = new Map([
  ["extrasmall", 1],
  ["small", 1],
  ["medium", 2],
  ["large", 4],
  ["extralarge", 8],
]);

/** D, DS and Dv2: 1 to 5 and 11 to 15. */
const OLDER_D = /^d(s?)(\d+)(?:_v2)?$/;
const OLDER_D_CORES = [1, 2, 4, 8, 16];

/** 1 where the name tells nothing. */
export function vmSizeCores(vmSize: string): number {
  const name = vmSize.toLowerCase().replace(/^(standard|basic)_/, "");
  const word = WORDS.get(name);
  if (word !== undefined) return word;
  const older = OLDER_D.exec(name);
  const number = Number(older?.[2] ?? /\d+/.exec(name)?.[0] ?? 1);
  if (older) return OLDER_D_CORES[(number > 10 ? number - 9 : number) - 1] ?? number;
  return Math.max(1, number);
}
