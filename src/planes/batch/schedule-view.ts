/** A job schedule as the protocol shows it. Source: API description, "CloudJobSchedule". */
import type { JobScheduleRow } from "../../app/schedules/schedule-read.ts";
import { scheduleSpecOf } from "../../app/schedules/schedule-spec.ts";
import { etagOf } from "../../core/lifecycle/resource-version.ts";
import type { BatchContext } from "./request/context.ts";
import { time } from "./request/reply.ts";
import { wantsStatistics, workStatistics } from "./statistics-view.ts";

/** With its statistics where the request asks for them. */
export function shownSchedule(context: BatchContext, row: JobScheduleRow): object {
  const { origin } = context.exchange;
  const view = scheduleView(origin, row);
  if (!wantsStatistics(context)) return view;
  const span = { from: row.created_at, to: row.ended_at ?? context.app.clock() };
  return { ...view, stats: workStatistics(`${origin}/jobschedules/${row.id}`, span, row) };
}

function scheduleView(origin: string, row: JobScheduleRow): object {
  const { recent_job_id: recent } = row;
  return {
    ...scheduleSpecOf(row),
    url: `${origin}/jobschedules/${row.id}`,
    eTag: etagOf(row),
    creationTime: time(row.created_at),
    lastModified: time(row.modified_at),
    state: row.state,
    stateTransitionTime: time(row.state_at),
    ...(row.previous_state !== null && {
      previousState: row.previous_state,
      previousStateTransitionTime: time(row.previous_state_at ?? row.created_at),
    }),
    executionInfo: {
      ...(row.due_at !== null && { nextRunTime: time(row.due_at) }),
      ...(recent !== null && { recentJob: { id: recent, url: `${origin}/jobs/${recent}` } }),
      ...(row.ended_at !== null && { endTime: time(row.ended_at) }),
    },
  };
}
