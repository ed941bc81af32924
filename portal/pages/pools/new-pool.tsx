/** Makes a pool, from nothing or like one that there is. One with identities goes to Resource Manager, which alone can give it any. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { batchOf, type models } from "../../api/batch.ts";
import { managedPoolCreate } from "../../api/batch-account.ts";
import { POOL_SETTABLE } from "../../api/settable.ts";
import { useAccount, useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { BodyFormPage, useBodyForm } from "../../parts/body/body-form.tsx";
import { type Body, bodyAt, bodyOf } from "../../parts/body/body-path.ts";
import { useListSearch } from "../../parts/list/list-filter.tsx";
import { identitiesOf, PoolFields, useImages } from "./pool-fields.tsx";

/** The commonest; where there is none like it, the first that there is. */
const USUAL_OFFER = "0001-com-ubuntu-server-jammy";

function proposedPool(like: models.CloudPool | undefined, images: readonly models.ImageInformation[]): Body {
  if (like !== undefined) return { ...likePool(like), id: `${like.id}-copy` };
  const image = images.find(({ imageReference }) => imageReference.offer === USUAL_OFFER) ?? images[0];
  return {
    vmSize: "standard_d2s_v3",
    virtualMachineConfiguration: {
      imageReference: image?.imageReference,
      nodeAgentSKUId: image?.nodeAgentSKUId,
    },
    targetDedicatedNodes: 1,
  };
}

function likePool(pool: models.CloudPool): Body {
  const { targetDedicatedNodes, targetLowPriorityNodes, resizeTimeout, ...rest } = bodyOf(
    pool,
    POOL_SETTABLE,
  );
  const ids = pool.identity?.userAssignedIdentities?.map(({ resourceId }) => ({ resourceId }));
  return {
    ...rest,
    // The service tells targets of a pool that scales, too, and takes none for it.
    ...(pool.enableAutoScale !== true && { targetDedicatedNodes, targetLowPriorityNodes, resizeTimeout }),
    ...(ids && ids.length > 0 && { identity: { type: "UserAssigned", userAssignedIdentities: ids } }),
  };
}

export function NewPool() {
  const account = useAccountName();
  const resource = useAccount();
  const { from } = useListSearch();
  const missing = useMayHere().batch("pools/write");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const source = useQuery({
    queryKey: ["clone", "pool", account, from],
    queryFn: () => batchOf(account).pool(from ?? ""),
    enabled: from !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data: images = [], error } = useImages(account);
  const form = useBodyForm(`${account}/new-pool/${from ?? ""}`, proposedPool(source.data, images));
  const adding = useMutation({
    meta: { notice: "Create a pool" },
    mutationFn: async () => {
      const { identity: _, ...body } = form.body;
      const identities = identitiesOf(form.body);
      if (identities.length > 0 && resource) await managedPoolCreate(resource, body, identities);
      else await batchOf(account).poolAdd(body);
    },
    onSuccess: async () => {
      form.draft.drop();
      await queries.invalidateQueries({ queryKey: ["pools", account] });
      await navigate({
        to: "/accounts/$account/pools/$pool",
        params: { account, pool: String(form.body.id) },
      });
    },
  });
  return (
    <AccountPage
      title={from === undefined ? "New pool" : `New pool like ${from}`}
      kind="Batch account"
      trail={[[`/accounts/${account}/pools`, "Pools"]]}
      commands={{
        lines: ["az batch pool create --json-file pool.json"],
        request:
          identitiesOf(form.body).length > 0
            ? `PUT ${resource?.id ?? ""}/pools/{poolName}?api-version=2024-07-01`
            : "POST /pools?api-version=2024-07-01.20.0",
      }}
    >
      <BodyFormPage
        form={form}
        submit="Create pool"
        missing={missing}
        isPending={adding.isPending}
        isIncomplete={!bodyAt(form.body, "id") || !bodyAt(form.body, "vmSize")}
        error={adding.error ?? source.error ?? error}
        onSubmit={() => adding.mutate()}
      >
        <PoolFields account={account} form={form} />
      </BodyFormPage>
    </AccountPage>
  );
}
