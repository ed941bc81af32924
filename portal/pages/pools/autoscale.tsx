/** A pool's formula: written, evaluated beside it as often as it changes, and given to the pool. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import { batchOf, type models } from "../../api/batch.ts";
import { useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { ActionButton } from "../../parts/action-button.tsx";
import { DraftNotice, useDraft } from "../../parts/body/draft.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { FormulaEditor } from "./formula/formula-editor.tsx";
import { evaluatedVariables } from "./formula/formula-spans.ts";

const FORMULA = `// One node for each task that waits or runs, up to ten.
$tasks = $PendingTasks.GetSamplePercent(TimeInterval_Minute * 5) < 70
  ? $PendingTasks.GetSample(1) : avg($PendingTasks.GetSample(TimeInterval_Minute * 5));
$TargetDedicatedNodes = min(10, $tasks);
$NodeDeallocationOption = taskcompletion;
`;

export function Autoscale() {
  const account = useAccountName();
  const { pool: id = "" } = useParams({ strict: false });
  const { data: pool, error } = useQuery({
    queryKey: ["pool", account, id],
    queryFn: () => batchOf(account).pool(id),
  });
  return (
    <AccountPage
      title={`Autoscale ${id}`}
      kind="Pool"
      trail={[
        [`/accounts/${account}/pools`, "Pools"],
        [`/accounts/${account}/pools/${encodeURIComponent(id)}`, id],
      ]}
      commands={{
        lines: [
          `az batch pool autoscale evaluate --pool-id ${id} --auto-scale-formula "$(cat formula.txt)"`,
          `az batch pool autoscale enable --pool-id ${id} --auto-scale-formula "$(cat formula.txt)"`,
        ],
        request: `POST /pools/${encodeURIComponent(id)}/enableautoscale?api-version=2024-07-01.20.0`,
      }}
    >
      <RefusalNotice error={error} />
      {pool && <Editor account={account} pool={pool} />}
    </AccountPage>
  );
}

function Editor({ account, pool }: { readonly account: string; readonly pool: models.CloudPool }) {
  const { id = "" } = pool;
  const batch = batchOf(account);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const may = useMayHere();
  const write = may.batch("pools/write");
  const [before] = useState(pool);
  const draft = useDraft(`${account}/${id}/autoscale`, {
    formula: before.autoScaleFormula ?? FORMULA,
    interval: before.autoScaleEvaluationInterval ?? "",
  });
  const { formula, interval } = draft.value;
  const done = async () => {
    draft.drop();
    await queries.invalidateQueries({ queryKey: ["pool", account, id] });
    await navigate({ to: "/accounts/$account/pools/$pool", params: { account, pool: id } });
  };
  const saving = useMutation({
    meta: { notice: `Scale ${id} by a formula` },
    mutationFn: () =>
      batch.poolEnableAutoScale(id, {
        autoScaleFormula: formula,
        ...(interval !== "" && { autoScaleEvaluationInterval: interval }),
      }),
    onSuccess: done,
  });
  const disabling = useMutation({
    meta: { notice: `Keep the size of ${id} fixed` },
    mutationFn: () => batch.poolDisableAutoScale(id),
    onSuccess: done,
  });
  const isPending = saving.isPending || disabling.isPending;
  return (
    <>
      <DraftNotice draft={draft} />
      {pool.enableAutoScale !== true && (
        <p className="kind">
          The pool has a fixed size now. A formula can be evaluated only for a pool that has one: the first is
          given to it unevaluated.
        </p>
      )}
      <div className="beside">
        <div className="section">
          <FormulaEditor value={formula} onChange={(text) => draft.set({ ...draft.value, formula: text })} />
          <TextBox
            label="Evaluated every"
            value={interval}
            placeholder="PT15M"
            onChange={(text) => draft.set({ ...draft.value, interval: text })}
            description="An ISO 8601 duration, from PT5M on"
          />
          <RefusalNotice error={saving.error ?? disabling.error} />
          <div className="dialog-buttons">
            <ActionButton
              name={pool.enableAutoScale ? "Save formula" : "Scale by this formula"}
              isPrimary
              isDisabled={isPending || formula.trim() === ""}
              missing={write}
              onPress={() => saving.mutate()}
            />
            <ActionButton
              name="Keep the size fixed"
              isDisabled={isPending || pool.enableAutoScale !== true}
              missing={write}
              onPress={() => disabling.mutate()}
            />
          </div>
        </div>
        {pool.enableAutoScale && <Evaluation account={account} pool={id} formula={formula} />}
      </div>
    </>
  );
}

interface EvaluationProps {
  readonly account: string;
  readonly pool: string;
  readonly formula: string;
}

/** A formula is evaluated so often, in milliseconds: what its variables are told changes without it. */
const AGAIN_MS = 10_000;

function Evaluation({ account, pool, formula }: EvaluationProps) {
  const asked = useDeferredValue(formula);
  const { data, error } = useQuery({
    queryKey: ["evaluation", account, pool, asked],
    queryFn: () => batchOf(account).poolEvaluate(pool, asked),
    enabled: asked.trim() !== "",
    placeholderData: (before: models.AutoScaleRun | undefined) => before,
    refetchInterval: AGAIN_MS,
    gcTime: 0,
  });
  return (
    <section className="card wide" aria-label="Evaluation">
      <h2>Evaluated now</h2>
      <RefusalNotice error={error} />
      {data?.error && (
        <div className="refusal" role="alert">
          <strong>{data.error.code}</strong>
          <p className="said">{data.error.message}</p>
          {data.error.values?.map(({ name, value }) => (
            <p key={name} className="said">
              {name}: {value}
            </p>
          ))}
        </div>
      )}
      {data && (
        <dl className="variables">
          {evaluatedVariables(data.results ?? "").map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {data && (
        <p className="kind">
          <TimeText at={data.timestamp} />
        </p>
      )}
    </section>
  );
}
