/** How many nodes a pool is to have. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { batchOf, type models } from "../../api/batch.ts";
import { Choice } from "../../parts/choice.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextBox } from "../../parts/text-box.tsx";

interface Props {
  readonly account: string;
  readonly pool: models.CloudPool;
  onClose(): void;
}

/** What becomes of the tasks on nodes that go. */
const OPTIONS = [
  ["requeue", "End them, and run them again elsewhere"],
  ["terminate", "End them"],
  ["taskcompletion", "Wait until they have ended"],
] as const;

export function ResizeDialog({ account, pool, onClose }: Props) {
  const [dedicated, setDedicated] = useState(String(pool.targetDedicatedNodes ?? 0));
  const [spot, setSpot] = useState(String(pool.targetLowPriorityNodes ?? 0));
  const [option, setOption] = useState("requeue");
  const resizing = useMutation({
    meta: { notice: `Resize the pool ${pool.id}` },
    mutationFn: () =>
      batchOf(account).poolResize(pool.id ?? "", {
        targetDedicatedNodes: Number(dedicated),
        targetLowPriorityNodes: Number(spot),
        nodeDeallocationOption: option,
      }),
    onSuccess: onClose,
  });
  return (
    <FormDialog
      isOpen
      title={`Resize ${pool.id}`}
      submit="Resize"
      isPending={resizing.isPending}
      error={resizing.error}
      onSubmit={() => resizing.mutate()}
      onClose={onClose}
    >
      <TextBox
        label="Target dedicated nodes"
        type="number"
        value={dedicated}
        onChange={setDedicated}
        isFirst
      />
      <TextBox label="Target Spot nodes" type="number" value={spot} onChange={setSpot} />
      <Choice label="Tasks on nodes that go" value={option} options={OPTIONS} onChange={setOption} />
    </FormDialog>
  );
}
