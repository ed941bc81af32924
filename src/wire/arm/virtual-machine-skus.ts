/**
 * Sizes of virtual machines that pools are commonly made of, with what their names promise. A pool takes any size's name: here nodes are
 * processes of this machine. Source: "Sizes for virtual machines in Azure".
 */
export interface VirtualMachineSku {
  readonly name: string;
  readonly family: string;
  readonly cores: number;
  readonly memoryGb: number;
}

/** By family: how a name is made of the number of cores, gigabytes per core, and the numbers there are. */
const FAMILIES: readonly (readonly [
  family: string,
  name: string,
  gbPerCore: number,
  cores: readonly number[],
])[] = [
  ["standardAv2Family", "Standard_A#_v2", 2, [1, 2, 4, 8]],
  ["standardDv3Family", "Standard_D#_v3", 4, [2, 4, 8, 16, 32, 48, 64]],
  ["standardDSv3Family", "Standard_D#s_v3", 4, [2, 4, 8, 16, 32, 48, 64]],
  ["standardDSv5Family", "Standard_D#s_v5", 4, [2, 4, 8, 16, 32, 48, 64, 96]],
  ["standardEv3Family", "Standard_E#_v3", 8, [2, 4, 8, 16, 32]],
  ["standardFSv2Family", "Standard_F#s_v2", 2, [2, 4, 8, 16, 32, 48, 64]],
];

export const VIRTUAL_MACHINE_SKUS: readonly VirtualMachineSku[] = FAMILIES.flatMap(
  ([family, name, gbPerCore, counts]) =>
    counts.map((cores) => ({
      name: name.replace("#", String(cores)),
      family,
      cores,
      memoryGb: cores * gbPerCore,
    })),
);
