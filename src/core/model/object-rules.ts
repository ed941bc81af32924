/** What the properties of one object must be to each other, whoever sends it. Source: API description; Azure Batch REST, "Tasks", "ContainerRegistry". */
import { PropertyProblem } from "./property-problem.ts";
import { TASKS } from "./property-rules.ts";

type Values = Record<string, unknown>;

/** May put a value where one is meant. */
export type ObjectRule = (object: Values) => PropertyProblem | null;

/** Its `required` properties that the rule decides about. */
interface RuledObject {
  readonly decides: readonly string[];
  readonly rule: ObjectRule;
}

/** An image may have a command of its own: without containers there is none. */
const taskCommand =
  (model: string): ObjectRule =>
  (task) => {
    const { commandLine, containerSettings } = task;
    if (typeof commandLine === "string" && commandLine.trim() !== "") return null;
    if (containerSettings !== undefined) {
      task.commandLine = "";
      return null;
    }
    const problem =
      commandLine === undefined
        ? new PropertyProblem("MissingRequiredProperty", `${model} requires 'commandLine'`)
        : new PropertyProblem(
            "InvalidPropertyValue",
            "must not be empty for a task without a container",
            commandLine,
          );
    return problem.within("commandLine");
  };

const hostMount: ObjectRule = ({ source }) =>
  source === undefined
    ? new PropertyProblem("MissingRequiredProperty", "must name what is to be mounted").within("source")
    : null;

const RULES: ReadonlyMap<string, RuledObject> = new Map<string, RuledObject>([
  ...TASKS.map((model): [string, RuledObject] => [
    model,
    { decides: ["commandLine"], rule: taskCommand(model) },
  ]),
  ["ContainerHostBatchBindMountEntry", { decides: [], rule: hostMount }],
]);

export const objectRule = (model: string): RuledObject | undefined => RULES.get(model);
