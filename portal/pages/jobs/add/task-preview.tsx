/** What would be added: the first few tasks and the last one, whole. */
import type { NewTask } from "./task-template.ts";

const FIRST = 3;

export function TaskPreview({ tasks }: { readonly tasks: readonly NewTask[] }) {
  const last = tasks.length > FIRST ? tasks.at(-1) : undefined;
  return (
    <section className="section" aria-label="Preview">
      <h2>{tasks.length === 1 ? "The task" : `${tasks.length.toLocaleString()} tasks`}</h2>
      {tasks.slice(0, FIRST).map((task) => (
        <Shown key={task.id} task={task} />
      ))}
      {tasks.length > FIRST + 1 && <p className="kind">and so on, to</p>}
      {last && <Shown task={last} />}
    </section>
  );
}

function Shown({ task }: { readonly task: NewTask }) {
  const { id, commandLine, ...rest } = task;
  const more = Object.keys(rest).length > 0 ? JSON.stringify(rest) : "";
  return (
    <p className="command-line">
      <code>
        {id}: {commandLine}
        {more && (
          <>
            <br />
            {more}
          </>
        )}
      </code>
    </p>
  );
}
