/** A schedule's document, and what is read from it. */
import { Fault } from "../../core/fault.ts";
import { durationToMilliseconds } from "../../core/model/iso-duration.ts";
import type { ScheduleTimes } from "../../core/scheduling/schedule-step.ts";
import type { JobScheduleRow } from "../../store/work/job-schedules.ts";
import type { JobScheduleAddParameter, Schedule } from "../../wire/batch/models-types.gen.ts";
import { checkHooks } from "../jobs/job-hooks.ts";
import { checkPoolInfo } from "../pools/auto-pool.ts";

export function scheduleSpecOf({ spec }: Pick<JobScheduleRow, "spec">): JobScheduleAddParameter {
  return JSON.parse(spec) as JobScheduleAddParameter;
}

export function scheduleTimes(schedule: Schedule): ScheduleTimes {
  const { doNotRunUntil, doNotRunAfter, startWindow, recurrenceInterval } = schedule;
  return {
    doNotRunUntil: doNotRunUntil === undefined ? undefined : Date.parse(doNotRunUntil),
    doNotRunAfter: doNotRunAfter === undefined ? undefined : Date.parse(doNotRunAfter),
    startWindow: startWindow === undefined ? Infinity : durationToMilliseconds(startWindow),
    recurrence: recurrenceInterval === undefined ? undefined : durationToMilliseconds(recurrenceInterval),
  };
}

/** What no single property says. @throws Fault InvalidPropertyValue */
export function checkSchedule({
  schedule,
  jobSpecification,
}: Pick<JobScheduleAddParameter, "schedule" | "jobSpecification">): void {
  const { doNotRunUntil = 0, doNotRunAfter = Infinity } = scheduleTimes(schedule);
  if (doNotRunAfter <= doNotRunUntil) {
    throw new Fault("InvalidPropertyValue", "", {
      values: [
        { key: "PropertyName", value: "doNotRunAfter" },
        { key: "Reason", value: "It must be later than doNotRunUntil." },
      ],
    });
  }
  checkHooks(jobSpecification);
  checkPoolInfo(jobSpecification.poolInfo, "jobschedule");
}
