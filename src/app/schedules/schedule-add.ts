/** Adds a job schedule. Source: Azure Batch REST, "Job Schedule - Add". */
import { Fault } from "../../core/fault.ts";
import type { ModifiedVersion } from "../../core/lifecycle/resource-version.ts";
import { specText } from "../../core/model/written-only.ts";
import { firstDue } from "../../core/scheduling/schedule-step.ts";
import { scheduleInsert } from "../../store/work/job-schedules.ts";
import { jobById } from "../../store/work/jobs.ts";
import type { JobScheduleAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import { checkTaskToken } from "../tasks/task-token-check.ts";
import { checkSchedule, scheduleTimes } from "./schedule-spec.ts";

/** @throws Fault JobScheduleExists, JobWithSameIdExists, InvalidPropertyValue */
export function scheduleAdd(
  app: App,
  account: AccountHandle,
  schedule: JobScheduleAddParameter,
): Promise<ModifiedVersion> {
  checkSchedule(schedule);
  checkTaskToken(app, account.key, schedule.jobSpecification.jobManagerTask);
  return app.store.grow(async (c) => {
    const id_lower = schedule.id.toLowerCase();
    if (await jobById.first(c, { account_key: account.key, id_lower }))
      throw new Fault("JobWithSameIdExists");
    const now = app.clock();
    const [row] = await scheduleInsert.all(c, {
      account_key: account.key,
      id: schedule.id,
      id_lower,
      created_at: now,
      spec: specText(schedule),
      due_at: firstDue(scheduleTimes(schedule.schedule), now),
      wake_at: now,
    });
    if (!row) throw new Fault("JobScheduleExists");
    app.nudge.schedules();
    return { created_at: now, version: 1, modified_at: now };
  });
}
