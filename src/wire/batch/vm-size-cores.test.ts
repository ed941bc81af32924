import { expect, test } from "vitest";
import { vmSizeCores } from "./vm-size-cores.ts";

test.each([
  ["standard_d2_v3", 2],
  ["STANDARD_D2s_v5", 2],
  ["standard_a1_v2", 1],
  ["Standard_F16s_v2", 16],
  ["standard_nc24rs_v3", 24],
  ["standard_d2_v2", 2],
  ["standard_d4_v2", 8],
  ["standard_ds12_v2", 4],
  ["small", 1],
  ["ExtraLarge", 8],
  ["unheard-of", 1],
])("%s has %i", (vmSize, cores) => {
  expect(vmSizeCores(vmSize)).toBe(cores);
});
