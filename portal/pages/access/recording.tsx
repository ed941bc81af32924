/** Watches which permissions a principal really uses, shows them as they arrive, and hands over the role that names them alone. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type RecordedRole, recordingRead, recordingStart, recordingStop } from "../../api/access.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { useListSearch, useSetListSearch } from "../../parts/list/list-filter.tsx";
import { useMay } from "../../parts/may.ts";
import { MemberBox } from "../../parts/member-box.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { live } from "../../queries.ts";
import { type RoleDraft, roleDraft } from "./role-draft.ts";

/** The longest that the service records; whoever starts one here ends it by hand. */
const SECONDS = 86_400;

interface Props {
  readonly scope: string;
  onRecorded(draft: RoleDraft): void;
}

export function Recording({ scope, onRecorded }: Props) {
  // In the address: a recording goes on while its page is left, and is found again.
  const { selected: principal = "" } = useListSearch();
  const set = useSetListSearch();
  const queries = useQueryClient();
  const missing = useMay(scope).action("Microsoft.Authorization/roleAssignments/read");
  const key = ["recording", principal];
  const { data, error } = useQuery({
    ...live({
      queryKey: key,
      queryFn: async () => (await recordingRead(principal)) ?? null,
      isLive: (recording) => recording !== null,
    }),
    enabled: principal !== "",
  });
  const starting = useMutation({
    meta: { notice: "Start a recording" },
    mutationFn: () => recordingStart(principal, scope, SECONDS),
    onSuccess: (started) => queries.setQueryData(key, started),
  });
  const stopping = useMutation({
    meta: { notice: "Stop a recording" },
    mutationFn: () => recordingStop(principal),
    onSuccess: ({ role }) => {
      queries.setQueryData(key, null);
      if (role) onRecorded(roleDraft(role.properties));
    },
  });
  const isOn = data !== undefined && data !== null;
  return (
    <section className="card wide" aria-label="Recording">
      <MemberBox
        label="Whom to watch"
        chosen={principal}
        types={["ServicePrincipal", "User"]}
        onChoose={(selected) => set({ selected })}
      />
      <div className="section-actions">
        {isOn ? (
          <ActionButton
            name="Stop recording"
            isPrimary
            isDisabled={stopping.isPending}
            onPress={() => stopping.mutate()}
          />
        ) : (
          <ActionButton
            name="Start recording"
            missing={missing}
            isDisabled={principal === "" || starting.isPending}
            onPress={() => starting.mutate()}
          />
        )}
      </div>
      <RefusalNotice error={error ?? starting.error ?? stopping.error} />
      {isOn && <Used recorded={data} />}
      {stopping.data?.role === null && (
        <p role="status">No permission was used; the account's key needs none.</p>
      )}
    </section>
  );
}

function Used({ recorded: { principal, recording } }: { readonly recorded: RecordedRole }) {
  return (
    <>
      <p>
        Let {principal.displayName} do everything that it has to: what was not done is not in the role. The
        recording ends by itself at <TimeText at={new Date(recording.endsAt).toISOString()} />.
      </p>
      <ul aria-label="Permissions used" aria-live="polite">
        {recording.used.map(({ permission: { kind, name }, scope }) => (
          <li key={`${kind} ${name} ${scope}`}>
            <code>{name}</code>{" "}
            <span className="kind">
              {kind === "action" ? "action" : "data action"} at {scope.split("/").at(-1)}
            </span>
          </li>
        ))}
      </ul>
      {recording.used.length === 0 && <p className="nothing">Nothing was used yet.</p>}
      {recording.isTruncated && <p role="alert">More was used than a recording holds.</p>}
    </>
  );
}
