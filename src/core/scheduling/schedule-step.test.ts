import { describe, expect, test } from "vitest";
import { firstDue, type ScheduleTimes, scheduleStep } from "./schedule-step.ts";

const MINUTE = 60_000;
const idle = (dueAt: number | null) => ({ dueAt, hasActiveJob: false });
const busy = (dueAt: number | null) => ({ dueAt, hasActiveJob: true });

describe("a schedule without recurrence", () => {
  const once: ScheduleTimes = { startWindow: Infinity };

  test("makes its job at once, or when it may", () => {
    expect(firstDue(once, 100)).toBe(100);
    expect(scheduleStep(once, idle(100), 100)).toEqual({ action: "create", dueAt: null, wakeAt: null });
    const later = { ...once, doNotRunUntil: 500 };
    expect(firstDue(later, 100)).toBe(500);
    expect(scheduleStep(later, idle(500), 100)).toEqual({ action: "wait", dueAt: 500, wakeAt: 500 });
  });

  test("is complete as soon as its job has ended", () => {
    expect(scheduleStep(once, busy(null), 200)).toEqual({ action: "wait", dueAt: null, wakeAt: null });
    expect(scheduleStep(once, idle(null), 200).action).toBe("complete");
  });

  test("is complete without a job when its start window has passed", () => {
    const narrow = { startWindow: MINUTE };
    expect(scheduleStep(narrow, idle(0), MINUTE).action).toBe("create");
    expect(scheduleStep(narrow, idle(0), MINUTE + 1).action).toBe("complete");
  });

  test("makes no job after its last moment", () => {
    const bounded = { startWindow: Infinity, doNotRunUntil: 50, doNotRunAfter: 100 };
    expect(scheduleStep(bounded, idle(50), 100).action).toBe("create");
    expect(scheduleStep(bounded, idle(50), 101).action).toBe("complete");
  });
});

describe("a recurring schedule", () => {
  const hourly: ScheduleTimes = { startWindow: Infinity, recurrence: 60 * MINUTE };

  test("counts its occurrences from the first one, however late a job comes", () => {
    expect(scheduleStep(hourly, idle(0), 7 * MINUTE)).toEqual({
      action: "create",
      dueAt: 60 * MINUTE,
      wakeAt: 60 * MINUTE,
    });
  });

  test("waits for the job before, and makes up for no occurrence that was lost to it", () => {
    const at = 200 * MINUTE;
    expect(scheduleStep(hourly, busy(60 * MINUTE), at)).toEqual({
      action: "wait",
      dueAt: 180 * MINUTE,
      wakeAt: 240 * MINUTE,
    });
    expect(scheduleStep(hourly, idle(180 * MINUTE), at)).toMatchObject({
      action: "create",
      dueAt: 240 * MINUTE,
    });
  });

  test("gives up an occurrence whose start window has passed", () => {
    const narrow = { ...hourly, startWindow: 5 * MINUTE };
    expect(scheduleStep(narrow, busy(60 * MINUTE), 63 * MINUTE)).toEqual({
      action: "wait",
      dueAt: 60 * MINUTE,
      wakeAt: 65 * MINUTE + 1,
    });
    expect(scheduleStep(narrow, idle(60 * MINUTE), 66 * MINUTE)).toEqual({
      action: "wait",
      dueAt: 120 * MINUTE,
      wakeAt: 120 * MINUTE,
    });
  });

  test("is complete when its last moment has passed and its job has ended", () => {
    const bounded = { ...hourly, doNotRunAfter: 90 * MINUTE };
    expect(scheduleStep(bounded, idle(120 * MINUTE), 70 * MINUTE)).toEqual({
      action: "wait",
      dueAt: null,
      wakeAt: 90 * MINUTE + 1,
    });
    expect(scheduleStep(bounded, busy(null), 91 * MINUTE).action).toBe("wait");
    expect(scheduleStep(bounded, idle(null), 91 * MINUTE).action).toBe("complete");
  });
});
