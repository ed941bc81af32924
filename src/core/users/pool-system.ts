/** Which operating system a pool asks for. Nodes here are Linux whatever it is; rules about properties differ. */
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";

export type PoolSystem = Pick<PoolAddParameter, "cloudServiceConfiguration" | "virtualMachineConfiguration">;

export function isWindowsPool({
  cloudServiceConfiguration,
  virtualMachineConfiguration,
}: PoolSystem): boolean {
  const agent = virtualMachineConfiguration?.nodeAgentSKUId ?? "";
  return cloudServiceConfiguration !== undefined || /^batch\.node\.windows/i.test(agent);
}
