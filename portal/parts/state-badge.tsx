/** The state of a job, task, pool or node: a word, and a colour beside it. */
const TONES: Readonly<Record<string, string>> = {
  active: "going",
  running: "going",
  steady: "good",
  idle: "good",
  completed: "done",
  success: "good",
  failure: "bad",
  failed: "bad",
  starttaskfailed: "bad",
  unusable: "bad",
  offline: "bad",
  deleting: "ending",
  terminating: "ending",
  disabling: "ending",
  disabled: "ending",
  resizing: "going",
  stopping: "ending",
  denied: "bad",
  granted: "good",
};

export function StateBadge({ state }: { readonly state: string | undefined }) {
  if (state === undefined) return <>–</>;
  return (
    <span className="state" data-tone={TONES[state.toLowerCase()] ?? "plain"}>
      {state}
    </span>
  );
}
