/** A task's files: its output, which is followed while it runs, and whatever else it left on its node. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "react-aria-components/Button";
import { batchOf, type models } from "../../api/batch.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { useListSearch, useSetListSearch } from "../../parts/list/list-filter.tsx";
import { OutputView } from "../../parts/output/output-view.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { saveAs } from "../../parts/save-as.ts";
import { TabList } from "../../parts/tab-list.tsx";
import { TimeText } from "../../parts/time-text.tsx";

import { isPicture, TaskPicture } from "./task-picture.tsx";

interface Props {
  readonly account: string;
  readonly job: string;
  readonly task: string;
  readonly isRunning: boolean;
  /** It has been on a node. */
  readonly hasRun: boolean;
}

const TABS = [
  ["stdout.txt", "stdout.txt"],
  ["stderr.txt", "stderr.txt"],
  ["files", "Files"],
] as const;

export function TaskFiles(props: Props) {
  const { account, job, task, isRunning, hasRun } = props;
  const { tab = "stdout.txt", selected } = useListSearch();
  const set = useSetListSearch();
  const file = tab === "files" ? selected : tab;
  return (
    <section className="section" aria-label="Output">
      <TabList label="Output" tabs={TABS} chosen={tab} onChoose={(chosen) => set({ tab: chosen })} />
      {!hasRun && <p>The task has not run yet, so it has no files.</p>}
      {hasRun && tab === "files" && <FileList {...props} onOpen={(name) => set({ selected: name })} />}
      {hasRun && file && isPicture(file) && (
        <TaskPicture {...{ account, job, task }} key={file} name={file} />
      )}
      {hasRun && file && !isPicture(file) && (
        <OutputView
          key={file}
          name={file}
          read={(from) => batchOf(account).taskFile(job, task, file, from)}
          content={() => batchOf(account).taskFileContent(job, task, file)}
          isGrowing={isRunning}
        />
      )}
    </section>
  );
}

function FileList({ account, job, task, onOpen }: Props & { onOpen(name: string): void }) {
  const { data, error } = useQuery({
    queryKey: ["task-files", account, job, task],
    queryFn: () => batchOf(account).taskFiles(job, task),
  });
  const saving = useMutation({
    mutationFn: async (name: string) => saveAs(await batchOf(account).taskFileContent(job, task, name), name),
  });
  const columns: readonly Column<models.NodeFile>[] = [
    {
      name: "Name",
      width: "2fr",
      render: ({ name = "" }) => (
        <Button className="link-button" onPress={() => onOpen(name)}>
          {name}
        </Button>
      ),
    },
    { name: "Bytes", render: ({ properties }) => properties?.contentLength.toLocaleString() },
    {
      name: "Changed",
      minWidth: 190,
      render: ({ properties }) => <TimeText at={properties?.lastModified} />,
    },
    {
      name: "Download",
      render: ({ name = "" }) => <ActionButton name="Download" onPress={() => saving.mutate(name)} />,
    },
  ];
  return (
    <>
      <RefusalNotice error={error ?? saving.error} />
      <DataTable
        label="Files"
        columns={columns}
        items={data?.value.filter(({ isDirectory }) => !isDirectory) ?? []}
        keyOf={({ name = "" }) => name}
        empty={<p className="nothing">There are no files.</p>}
      />
    </>
  );
}
