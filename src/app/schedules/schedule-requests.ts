/**
 * What a caller may ask of a schedule: change it, disable, enable, terminate, delete it. The schedules reconciler does the rest.
 * Source: Azure Batch REST, "Job Schedule".
 */
import { Fault } from "../../core/fault.ts";
import { etagOf, type ModifiedVersion, type Precondition } from "../../core/lifecycle/resource-version.ts";
import { specText } from "../../core/model/written-only.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type JobScheduleRow, scheduleSpecSet, scheduleStateSet } from "../../store/work/job-schedules.ts";
import type {
  JobScheduleAddParameter,
  JobSchedulePatchParameter,
  JobScheduleUpdateParameter,
} from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import { checkTaskToken } from "../tasks/task-token-check.ts";
import { scheduleFind } from "./schedule-read.ts";
import { checkSchedule, scheduleSpecOf, scheduleTimes } from "./schedule-spec.ts";

export type ScheduleTarget = readonly [
  app: App,
  account: AccountHandle,
  scheduleId: string,
  precondition: Precondition,
];

/** What is left out stays. @throws Fault JobScheduleNotFound, ConditionNotMet, InvalidPropertyValue, and the one of its state */
export function schedulePatch(
  target: ScheduleTarget,
  patch: JobSchedulePatchParameter,
): Promise<ModifiedVersion> {
  return change(target, (spec) => ({ ...spec, ...patch }) as JobScheduleAddParameter);
}

/** What is left out goes. @throws as `schedulePatch` */
export function scheduleReplace(
  target: ScheduleTarget,
  update: JobScheduleUpdateParameter,
): Promise<ModifiedVersion> {
  return change(target, ({ metadata: _metadata, ...spec }) => ({ ...spec, ...update }));
}

/** Its active job goes on. @throws Fault JobScheduleNotFound, ConditionNotMet, and the one of its state; as the three below */
export function scheduleDisable(target: ScheduleTarget): Promise<ModifiedVersion> {
  return request(target, async (c, schedule, now) => {
    if (schedule.state !== "active") throw wrongState(schedule);
    await scheduleMove(c, schedule, "disabled", now);
  });
}

export function scheduleEnable(target: ScheduleTarget): Promise<ModifiedVersion> {
  return request(target, async (c, schedule, now) => {
    if (schedule.state === "active") return;
    if (schedule.state !== "disabled") throw wrongState(schedule);
    await scheduleMove(c, schedule, "active", now);
  });
}

export function scheduleTerminate(target: ScheduleTarget): Promise<ModifiedVersion> {
  return request(target, async (c, schedule, now) => {
    if (schedule.state !== "active" && schedule.state !== "disabled") throw wrongState(schedule);
    await scheduleMove(c, schedule, "terminating", now);
  });
}

/** With all its jobs. */
export function scheduleRequestDelete(target: ScheduleTarget): Promise<ModifiedVersion> {
  return request(target, async (c, schedule, now) => {
    if (schedule.state === "deleting") throw wrongState(schedule);
    await scheduleMove(c, schedule, "deleting", now);
  });
}

/** Moves it to another state and has the reconciler look at it. */
export async function scheduleMove(
  c: Connection,
  { key, ended_at }: JobScheduleRow,
  state: string,
  now: number,
): Promise<void> {
  const isOver = state === "completed";
  await scheduleStateSet.run(c, {
    key,
    state,
    now,
    wake_at: isOver || state === "disabled" ? null : now,
    ended_at: isOver ? now : ended_at,
  });
}

function wrongState({ state }: JobScheduleRow): Fault {
  switch (state) {
    case "completed":
      return new Fault("JobScheduleCompleted");
    case "terminating":
      return new Fault("JobScheduleBeingTerminated");
    case "deleting":
      return new Fault("JobScheduleBeingDeleted");
    default:
      return new Fault("JobScheduleDisabled");
  }
}

function change(
  target: ScheduleTarget,
  edit: (spec: JobScheduleAddParameter) => JobScheduleAddParameter,
): Promise<ModifiedVersion> {
  const [app, account] = target;
  return request(target, async (c, schedule, now) => {
    if (schedule.state !== "active" && schedule.state !== "disabled") throw wrongState(schedule);
    const spec = edit(scheduleSpecOf(schedule));
    checkSchedule(spec);
    checkTaskToken(app, account.key, spec.jobSpecification.jobManagerTask);
    const { doNotRunUntil = 0, recurrence } = scheduleTimes(spec.schedule);
    // One that had run its only time goes on from now when it is made to recur.
    const due = schedule.due_at ?? (recurrence === undefined ? null : now);
    await scheduleSpecSet.run(c, {
      key: schedule.key,
      spec: specText(spec),
      due_at: due === null ? null : Math.max(due, doNotRunUntil),
      modified_at: now,
    });
  });
}

async function request(
  [app, account, scheduleId, precondition]: ScheduleTarget,
  move: (c: Connection, schedule: JobScheduleRow, now: number) => Promise<void>,
): Promise<ModifiedVersion> {
  return app.store.write(async (c) => {
    const schedule = await scheduleFind(c, account, scheduleId);
    precondition({ etag: etagOf(schedule), modifiedAt: schedule.modified_at });
    await move(c, schedule, app.clock());
    app.nudge.schedules();
    return scheduleFind(c, account, scheduleId);
  });
}
