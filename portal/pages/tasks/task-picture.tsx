/** A picture that a task made. Bitmaps alone, and as a picture alone: whatever else its bytes are, nothing of it runs. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { batchOf } from "../../api/batch.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";

const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
};

const typeOf = (name: string): string | undefined =>
  TYPES[name.slice(name.lastIndexOf(".") + 1).toLowerCase()];
export const isPicture = (name: string): boolean => typeOf(name) !== undefined;

interface Props {
  readonly account: string;
  readonly job: string;
  readonly task: string;
  readonly name: string;
}

export function TaskPicture({ account, job, task, name }: Props) {
  const { data, error } = useQuery({
    queryKey: ["task-picture", account, job, task, name],
    queryFn: () => batchOf(account).taskFileContent(job, task, name),
    gcTime: 0,
  });
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (data === undefined) return;
    const made = URL.createObjectURL(new Blob([data], { type: typeOf(name) ?? "" }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [data, name]);
  if (url === undefined) return <RefusalNotice error={error} />;
  return <img className="picture" src={url} alt={name} />;
}
