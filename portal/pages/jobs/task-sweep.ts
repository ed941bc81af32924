/** Tasks out of what a form says. Pure. */

export interface SweepTask {
  readonly id: string;
  readonly commandLine: string;
}

const TASKS_MAX = 10_000;

/** @returns what is wrong, in words, where no tasks come out of it */
export function sweepTasks(form: {
  id: string;
  command: string;
  count: number;
}): readonly SweepTask[] | string {
  const { id, command, count } = form;
  if (!Number.isInteger(count) || count < 1 || count > TASKS_MAX)
    return `The number of tasks is an integer from 1 to ${TASKS_MAX}.`;
  if (id.trim() === "" || command.trim() === "") return "A task needs an ID and a command line.";
  if (count > 1 && !id.includes("{n}")) return "Several tasks need {n} in their ID.";
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1);
    return { id: id.replaceAll("{n}", number), commandLine: command.replaceAll("{n}", number) };
  });
}

/** @returns what is wrong, in words, where the text is no list of tasks */
export function jsonTasks(text: string): readonly SweepTask[] | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `This is no JSON: ${(error as Error).message}`;
  }
  const tasks = Array.isArray(value) ? value : [value];
  if (tasks.length === 0 || tasks.length > TASKS_MAX) return `Give from 1 to ${TASKS_MAX} tasks.`;
  const isTask = (task: unknown): task is SweepTask =>
    typeof task === "object" && task !== null && "id" in task && "commandLine" in task;
  return tasks.every(isTask) ? tasks : "Each task needs an id and a commandLine.";
}
