/** Round numbers for a scale that begins at nought. Pure. */
const STEPS = [1, 2, 5, 10];
const TICKS = 4;

/** @returns the scale's end, at least 1, and the numbers to write beside it */
export function niceScale(most: number): { readonly top: number; readonly ticks: readonly number[] } {
  const wanted = Math.max(1, most) / TICKS;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = Math.max(0.5, (STEPS.find((each) => each * power >= wanted) ?? 10) * power);
  const count = Math.ceil(Math.max(1, most) / step);
  return { top: count * step, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}
