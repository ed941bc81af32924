/** Where new tasks come from: fields of one task, a template with parameters, a template with a table, or JSON. */
import { useRef } from "react";
import { Button } from "react-aria-components/Button";
import { BodyNumber, BodyText, BodyWords } from "../../../parts/body/body-fields.tsx";
import { type Body, bodyWith } from "../../../parts/body/body-path.ts";
import { EnvironmentRows, ResourceFileRows } from "../../../parts/body/command-rows.tsx";
import { TextBox } from "../../../parts/text-box.tsx";

export type Way = "form" | "sweep" | "csv" | "json";

export interface TypedTasks {
  readonly way: Way;
  /** Undefined until something of it is typed. */
  readonly task: Body | undefined;
  readonly template: Body;
  readonly parameters: string;
  readonly csvTemplate: Body;
  readonly csv: string;
  readonly json: string;
}

interface Props {
  readonly typed: TypedTasks;
  readonly task: Body;
  onChange(change: Partial<TypedTasks>): void;
  onTask(path: string, value: unknown): void;
}

export function TaskSource({ typed, task, onChange, onTask }: Props) {
  switch (typed.way) {
    case "form":
      return <Fields task={task} set={onTask} />;
    case "sweep":
      return (
        <>
          <TextBox
            label="Parameters"
            isLong
            value={typed.parameters}
            onChange={(parameters) => onChange({ parameters })}
            description="One a line: n = 1..100, size = 10..50 step 10, colour = red, green. Every combination makes a task."
          />
          <Fields
            task={typed.template}
            set={(path, value) => onChange({ template: bodyWith(typed.template, path, value) })}
          />
        </>
      );
    case "csv":
      return (
        <>
          <Table csv={typed.csv} onChange={(csv) => onChange({ csv })} />
          <Fields
            task={typed.csvTemplate}
            set={(path, value) => onChange({ csvTemplate: bodyWith(typed.csvTemplate, path, value) })}
          />
        </>
      );
    case "json":
      return (
        <TextBox
          label="Tasks"
          isLong
          value={typed.json}
          onChange={(json) => onChange({ json })}
          description="One task or a list, as in the API"
        />
      );
  }
}

/** Bytes of a file that is read into the form. */
const FILE_MAX = 5_000_000;

function Table({ csv, onChange }: { readonly csv: string; onChange(csv: string): void }) {
  const file = useRef<HTMLInputElement>(null);
  return (
    <>
      <TextBox
        label="Table"
        isLong
        value={csv}
        onChange={onChange}
        description="The first line names the columns; {name} below stands for the row's value of that column"
      />
      <input
        ref={file}
        type="file"
        accept=".csv,text/csv,text/plain"
        hidden
        onChange={async ({ currentTarget }) => {
          const chosen = currentTarget.files?.[0];
          if (chosen && chosen.size <= FILE_MAX) onChange(await chosen.text());
          currentTarget.value = "";
        }}
      />
      <p>
        <Button className="button" onPress={() => file.current?.click()}>
          Take a file
        </Button>
      </p>
    </>
  );
}

function Fields({ task, set }: { readonly task: Body; set(path: string, value: unknown): void }) {
  const form = { body: task, set };
  return (
    <>
      <BodyText form={form} path="id" label="Task ID" isRequired />
      <BodyText form={form} path="commandLine" label="Command line" isRequired />
      <div className="form-columns">
        <BodyWords
          form={form}
          path="dependsOn.taskIds"
          label="Depends on"
          description="IDs of tasks, with blanks between them"
        />
        <BodyNumber form={form} path="requiredSlots" label="Slots" placeholder="1" />
        <BodyNumber
          form={form}
          path="constraints.maxTaskRetryCount"
          label="Retries"
          placeholder="As the job says"
        />
      </div>
      <EnvironmentRows form={form} path="environmentSettings" label="Environment" />
      <ResourceFileRows form={form} path="resourceFiles" label="Resource files" />
    </>
  );
}
