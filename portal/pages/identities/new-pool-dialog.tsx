/** Makes a pool whose nodes have a managed identity. Only Resource Manager gives a pool identities. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { batchOf } from "../../api/batch.ts";
import { managedPoolCreate } from "../../api/resource-manager.ts";
import { useAccounts } from "../../parts/account.ts";
import { Choice } from "../../parts/choice.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextBox } from "../../parts/text-box.tsx";

const VM_SIZE = "STANDARD_D2S_V3";

export function NewPoolDialog({ identityId, onClose }: { readonly identityId: string; onClose(): void }) {
  const queries = useQueryClient();
  const { data: accounts = [] } = useAccounts();
  const [accountId, setAccount] = useState("");
  const [name, setName] = useState("");
  const [image, setImage] = useState("0");
  const [nodes, setNodes] = useState("1");
  const account = accounts.find(({ id }) => id === accountId) ?? accounts[0];
  const images = useQuery({
    queryKey: ["images", account?.name],
    queryFn: async () =>
      (await batchOf(account?.name ?? "").images()).value.filter(({ osType }) => osType === "linux"),
    enabled: account !== undefined,
  });
  const chosen = images.data?.[Number(image)];
  const adding = useMutation({
    mutationFn: () =>
      managedPoolCreate(account?.id ?? "", name, {
        identity: { type: "UserAssigned", userAssignedIdentities: { [identityId]: {} } },
        properties: {
          vmSize: VM_SIZE,
          scaleSettings: { fixedScale: { targetDedicatedNodes: Number(nodes) } },
          deploymentConfiguration: {
            virtualMachineConfiguration: {
              imageReference: chosen?.imageReference,
              nodeAgentSkuId: chosen?.nodeAgentSKUId,
            },
          },
        },
      }),
    meta: { notice: `Create the pool ${name}` },
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["identity-uses"] });
    },
  });
  return (
    <FormDialog
      isOpen
      title="Create a pool with this identity"
      submit="Create"
      isPending={adding.isPending}
      isIncomplete={name === "" || chosen === undefined}
      error={adding.error ?? images.error}
      onSubmit={() => adding.mutate()}
      onClose={onClose}
    >
      <TextBox label="Pool ID" value={name} onChange={setName} isFirst />
      <Choice
        label="Batch account"
        value={account?.id ?? ""}
        options={accounts.map((each) => [each.id, each.name])}
        onChange={setAccount}
      />
      <Choice
        label="Image"
        value={image}
        options={(images.data ?? []).map(({ imageReference: { publisher, offer, sku } }, index) => [
          String(index),
          [publisher, offer, sku].join(" "),
        ])}
        onChange={setImage}
      />
      <TextBox label="Target dedicated nodes" type="number" value={nodes} onChange={setNodes} />
    </FormDialog>
  );
}
