/** Adds tasks: one, or many by a range of numbers that the command line names, or as JSON. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { batchOf } from "../../api/batch.ts";
import { Choice } from "../../parts/choice.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextBox } from "../../parts/text-box.tsx";
import { jsonTasks, type SweepTask, sweepTasks } from "./task-sweep.ts";

interface Props {
  readonly account: string;
  readonly job: string;
  readonly isOpen: boolean;
  onClose(): void;
}

/** So many one request takes. Source: "Task - Add Collection". */
const REQUEST_MAX = 100;
const PREVIEWED = 3;

const WAYS = [
  ["form", "Form"],
  ["json", "JSON"],
] as const;

export function AddTasksDialog({ account, job, isOpen, onClose }: Props) {
  const [way, setWay] = useState("form");
  const [id, setId] = useState("task-{n}");
  const [command, setCommand] = useState("/bin/sh -c 'echo {n}'");
  const [count, setCount] = useState("1");
  const [json, setJson] = useState('[{ "id": "task-1", "commandLine": "/bin/sh -c \'echo hello\'" }]');
  const queries = useQueryClient();
  const tasks = useMemo(
    () => (way === "json" ? jsonTasks(json) : sweepTasks({ id, command, count: Number(count) })),
    [way, json, id, command, count],
  );
  const adding = useMutation({
    mutationFn: async (all: readonly SweepTask[]) => {
      for (let from = 0; from < all.length; from += REQUEST_MAX) {
        const { value } = await batchOf(account).tasksAdd(job, all.slice(from, from + REQUEST_MAX));
        const refused = value.find(({ status }) => status.toLowerCase() !== "success");
        if (refused)
          throw new Error(`Task ${refused.taskId}: ${refused.error?.message?.value ?? refused.error?.code}`);
      }
    },
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["tasks", account, job] });
    },
  });
  const problem = typeof tasks === "string" ? tasks : undefined;
  const shown = typeof tasks === "string" ? [] : tasks;
  return (
    <FormDialog
      isOpen={isOpen}
      title={`Add tasks to ${job}`}
      submit={shown.length > 1 ? `Add ${shown.length} tasks` : "Add"}
      isPending={adding.isPending}
      isIncomplete={problem !== undefined}
      error={adding.error}
      onSubmit={() => adding.mutate(shown)}
      onClose={onClose}
    >
      <Choice label="As" value={way} options={WAYS} onChange={setWay} />
      {way === "form" ? (
        <>
          <TextBox label="Number of tasks" type="number" value={count} onChange={setCount} />
          <TextBox
            label="Task ID"
            value={id}
            onChange={setId}
            description="{n} stands for 1, 2, 3 and so on"
          />
          <TextBox label="Command line" value={command} onChange={setCommand} />
        </>
      ) : (
        <TextBox
          label="Tasks"
          isLong
          value={json}
          onChange={setJson}
          description="One task or a list, as in the API"
        />
      )}
      {problem && <p role="alert">{problem}</p>}
      <div>
        {shown.slice(0, PREVIEWED).map((task) => (
          <p key={task.id} className="command-line">
            <code>
              {task.id}: {task.commandLine}
            </code>
          </p>
        ))}
        {shown.length > PREVIEWED && <p className="kind">and {shown.length - PREVIEWED} more</p>}
      </div>
    </FormDialog>
  );
}
