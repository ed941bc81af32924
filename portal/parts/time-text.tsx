/** A time, local, with UTC on hover. */
const LOCAL = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export function TimeText({ at }: { readonly at: string | undefined | null }) {
  if (!at) return <>–</>;
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return <>{at}</>;
  return (
    <time dateTime={time.toISOString()} title={`${time.toISOString().slice(0, 19).replace("T", " ")} UTC`}>
      {LOCAL.format(time)}
    </time>
  );
}
