/** Tasks out of one template and many rows: `{name}` in any of the template's texts stands for the row's value of that name. Pure. */
import type { Body } from "../../../parts/body/body-path.ts";
import { type ParameterRow, TASKS_MAX } from "./sweep.ts";

export interface NewTask extends Body {
  readonly id: string;
  readonly commandLine: string;
}

/** @returns what is wrong, in words, where no tasks come out of it */
export function tasksOf(template: Body, rows: readonly ParameterRow[]): readonly NewTask[] | string {
  const tasks = rows.map((row) => filled(template, row) as Body);
  if (!tasks.every(isTask)) return "A task needs an ID and a command line.";
  const ids = new Set(tasks.map(({ id }) => id.toLowerCase()));
  if (ids.size === tasks.length) return tasks;
  const names = Object.keys(rows[0] ?? {}).map((name) => `{${name}}`);
  return `Several tasks would have the same ID: put ${names.join(" and ") || "a parameter"} into it.`;
}

/** Braces around anything but a name of the row stay as they are: shells and awk have them, too. */
function filled(value: unknown, row: ParameterRow): unknown {
  if (typeof value === "string")
    return value.replace(/\{([\w.:-]{1,64})\}/g, (whole, name: string) =>
      Object.hasOwn(row, name) ? (row[name] ?? "") : whole,
    );
  if (Array.isArray(value)) return value.map((each) => filled(each, row));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(member, row)]));
}

function isTask(task: unknown): task is NewTask {
  if (typeof task !== "object" || task === null) return false;
  const { id, commandLine } = task as Body;
  return typeof id === "string" && id !== "" && typeof commandLine === "string" && commandLine !== "";
}

/** @returns what is wrong, in words, where the text is no list of tasks */
export function jsonTasks(text: string): readonly NewTask[] | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `This is no JSON: ${(error as Error).message}`;
  }
  const tasks: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (tasks.length === 0 || tasks.length > TASKS_MAX) return `Give from 1 to ${TASKS_MAX} tasks.`;
  return tasks.every(isTask) ? tasks : "Each task needs an id and a commandLine.";
}
