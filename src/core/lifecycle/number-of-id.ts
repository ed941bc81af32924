/** A task's id as a number, where ranges of ids can mean it: zeros in front do not count. Source: Azure Batch, "Task dependencies". */
export function numberOfId(id: string): number | null {
  let from = 0;
  while (from < id.length - 1 && id[from] === "0") from++;
  return /^\d{1,10}$/.test(id.slice(from)) ? Number(id.slice(from)) : null;
}
