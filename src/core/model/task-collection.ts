/** A collection of tasks is judged task by task: what is wrong with one keeps nobody from the others. */
import type { TaskAddParameter } from "../../wire/batch/models-types.gen.ts";
import { Fault } from "../fault.ts";
import { checkBody } from "./body-check.ts";
import { refuseUnbuiltProperties } from "./unbuilt-properties.ts";

export interface RefusedTask {
  /** As far as it has one. */
  readonly id: string;
  readonly refusal: Fault;
}

export interface TaskCollection {
  readonly value: readonly (TaskAddParameter | RefusedTask)[];
}

export const isRefused = (task: TaskAddParameter | RefusedTask): task is RefusedTask => "refusal" in task;

/**
 * @param versionIndex of `batchApiVersions`
 * @param body parsed
 * @throws Fault InvalidRequestBody, MissingRequiredProperty for what is no collection
 */
export function checkTaskCollection(versionIndex: number, body: unknown): TaskCollection {
  const { value } = typeof body === "object" && body !== null ? (body as { value?: unknown }) : {};
  if (!Array.isArray(value)) {
    checkBody("TaskAddCollectionParameter", versionIndex, body);
    return { value: [] };
  }
  checkBody("TaskAddCollectionParameter", versionIndex, { ...(body as object), value: [] });
  return { value: value.map((task: unknown) => checkTask(versionIndex, task)) };
}

function checkTask(versionIndex: number, given: unknown): TaskAddParameter | RefusedTask {
  try {
    const task = checkBody("TaskAddParameter", versionIndex, given);
    refuseUnbuiltProperties(task);
    return task;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const id = typeof given === "object" && given !== null ? (given as { id?: unknown }).id : undefined;
    return { id: typeof id === "string" ? id.slice(0, 256) : "", refusal: error };
  }
}
