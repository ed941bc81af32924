import { expect, test } from "vitest";
import { VIRTUAL_MACHINE_SKUS } from "../arm/virtual-machine-skus.ts";
import { isCloudServiceSize, isVirtualMachineSize } from "./vm-sizes.ts";

test.each(
  `STANDARD_D2S_V3 standard_d2_v3 Standard_D1_v2 STANDARD_D4 standard_a1 Standard_A1_v2 Standard_A2m_v2 standard_a11
   Standard_DS11-1_v2 Standard_D4ds_v5 Standard_D96ads_v5 Standard_E96-24as_v5 Standard_E4bds_v5 Standard_F72s_v2 Standard_DC2s_v2
   Standard_HB120rs_v3 Standard_HB120-16rs_v3 Standard_HC44rs Standard_H16mr Standard_M128ms Standard_M208ms_v2 Standard_NC24rs_v3
   Standard_NC4as_T4_v3 Standard_NC24ads_A100_v4 Standard_ND96isr_H100_v5 Standard_NV36ads_A10_v5 Standard_L8s_v3 Standard_B2ms
   Standard_D8als_v6 Standard_D4s_v8 Standard_ND96asr_v4 Standard_FX4mds Standard_M12s_v3`.split(/\s+/),
)("%s is a size", (name) => expect(isVirtualMachineSize(name)).toBe(true));

test.each(
  "nonsense small STANDARD_A0 STANDARD_DS64_v3 Basic_A1 Standard_D3_v3 Standard_D2s_v33 Standard_Z2 Standard_F3 Standard_ D2_v3 standard_constructor2 Standard_D2-4s_v5 a1".split(
    " ",
  ),
)("%s is none", (name) => expect(isVirtualMachineSize(name)).toBe(false));

test("what Resource Manager lists is a size, and cloud services have words as well", () => {
  expect(VIRTUAL_MACHINE_SKUS.filter(({ name }) => !isVirtualMachineSize(name))).toEqual([]);
  expect(["small", "ExtraLarge", "a8", "Standard_D2_v2"].filter((name) => !isCloudServiceSize(name))).toEqual(
    [],
  );
  expect(["extrasmall", "a0", "nonsense"].filter(isCloudServiceSize)).toEqual([]);
});
