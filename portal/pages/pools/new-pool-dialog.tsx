/** Makes a pool of the images and sizes that there are here. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { batchOf } from "../../api/batch.ts";
import { Choice } from "../../parts/choice.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextBox } from "../../parts/text-box.tsx";

interface Props {
  readonly account: string;
  readonly isOpen: boolean;
  onClose(): void;
}

const SIZES = [
  "standard_d1_v2",
  "standard_d2s_v3",
  "standard_d4s_v3",
  "standard_d8s_v3",
  "standard_f16s_v2",
].map((size) => [size, size] as const);

export function NewPoolDialog({ account, isOpen, onClose }: Props) {
  const [id, setId] = useState("");
  const [image, setImage] = useState("0");
  const [size, setSize] = useState("standard_d2s_v3");
  const [nodes, setNodes] = useState("1");
  const [slots, setSlots] = useState("1");
  const [startTask, setStartTask] = useState("");
  const { data: images = [], error } = useQuery({
    queryKey: ["images", account],
    queryFn: async () => (await batchOf(account).images()).value.filter(({ osType }) => osType === "linux"),
    enabled: isOpen,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const chosen = images[Number(image)];
  const adding = useMutation({
    mutationFn: () =>
      batchOf(account).poolAdd({
        id,
        vmSize: size,
        virtualMachineConfiguration: {
          imageReference: chosen?.imageReference,
          nodeAgentSKUId: chosen?.nodeAgentSKUId,
        },
        targetDedicatedNodes: Number(nodes),
        taskSlotsPerNode: Number(slots),
        ...(startTask !== "" && { startTask: { commandLine: startTask, waitForSuccess: true } }),
      }),
    onSuccess: onClose,
  });
  return (
    <FormDialog
      isOpen={isOpen}
      title="Add pool"
      submit="Add"
      isPending={adding.isPending}
      isIncomplete={id === "" || chosen === undefined}
      error={adding.error ?? error}
      onSubmit={() => adding.mutate()}
      onClose={onClose}
    >
      <TextBox label="Pool ID" value={id} onChange={setId} isRequired isFirst />
      <Choice
        label="Image"
        value={image}
        options={images.map(({ imageReference: { publisher, offer, sku } }, index) => [
          String(index),
          [publisher, offer, sku].join(" "),
        ])}
        onChange={setImage}
      />
      <Choice label="VM size" value={size} options={SIZES} onChange={setSize} />
      <TextBox label="Target dedicated nodes" type="number" value={nodes} onChange={setNodes} />
      <TextBox label="Task slots per node" type="number" value={slots} onChange={setSlots} />
      <TextBox
        label="Start task"
        value={startTask}
        onChange={setStartTask}
        description="A command line that each node runs before it takes tasks; may be empty"
      />
    </FormDialog>
  );
}
