import { expect, test } from "vitest";
import { type Figures, poolFormulaRun, type ScaledPool } from "./pool-formula.ts";

/** A Thursday. */
const NOW = Date.parse("2016-10-13T19:18:47.805Z");

const history = (...figures: Figures[]): ScaledPool["samples"] =>
  figures.map((each, i) => ({ at: NOW - (figures.length - i) * 30_000, figures: each }));

const active = (...counts: number[]) => history(...counts.map((ActiveTasks) => ({ ActiveTasks })));

function run(formula: string, more: Partial<ScaledPool> = {}) {
  return poolFormulaRun(formula, {
    now: NOW,
    random: () => 0.25,
    present: { CurrentDedicatedNodes: 3, CurrentLowPriorityNodes: 1, TaskSlotsPerNode: 4 },
    samples: [],
    targets: { dedicated: 3, lowPriority: 1, deallocation: "requeue" },
    ...more,
  });
}

/** The value of `$x` after `$x = expression;`. */
function value(expression: string, more: Partial<ScaledPool> = {}): string {
  const { results, error } = run(`$x = ${expression};`, more);
  if (error) throw new Error(error.values[0]?.value);
  return results.split(";").at(-1)?.slice("$x=".length) ?? "";
}

const message = (formula: string, more: Partial<ScaledPool> = {}) =>
  run(formula, more).error?.values[0]?.value;

test("working hours decide the number of nodes, as the documentation's first example has it", () => {
  const { results, targets } = run(`
    $curTime = time();
    $workHours = $curTime.hour >= 8 && $curTime.hour < 18;
    $isWeekday = $curTime.weekday >= 1 && $curTime.weekday <= 5;
    $isWorkingWeekdayHour = $workHours && $isWeekday;
    $TargetDedicatedNodes = $isWorkingWeekdayHour ? 20:10;
    $NodeDeallocationOption = taskcompletion;`);
  expect(targets).toEqual({ dedicated: 10, lowPriority: 1, deallocation: "taskcompletion" });
  expect(results).toBe(
    "$TargetDedicatedNodes=10;$TargetLowPriorityNodes=1;$NodeDeallocationOption=taskcompletion;$curTime=2016-10-13T19:18:47.805Z;$isWeekday=1;$isWorkingWeekdayHour=0;$workHours=0",
  );
});

test("pending tasks decide once enough of the time has been sampled", () => {
  const formula = `
    startingNumberOfVMs = 1; // without history
    maxNumberofVMs = 25;
    pendingTaskSamplePercent = $PendingTasks.GetSamplePercent(180 * TimeInterval_Second);
    pendingTaskSamples = pendingTaskSamplePercent < 70 ? startingNumberOfVMs : avg($PendingTasks.GetSample(180 * TimeInterval_Second));
    $TargetDedicatedNodes=min(maxNumberofVMs, pendingTaskSamples);`;
  expect(run(formula).targets?.dedicated).toBe(1);
  const samples = history(...Array.from({ length: 6 }, () => ({ PendingTasks: 30 })));
  expect(run(formula, { samples }).targets?.dedicated).toBe(25);
  expect(run(formula, { samples: samples.slice(2) }).targets?.dedicated).toBe(1);
});

test.each([
  ["1 + 2 * 3 - 4 / 2", "5"],
  ["(1 + 2) * 3", "9"],
  ["-2 * -3", "6"],
  ["!0 + !5", "1"],
  ["1 < 2 && 2 <= 2 || 1 / 0 > 3", "1"],
  ["0 ? 1 : 0 ? 2 : 3", "3"],
  ['"abc" < "abd"', "1"],
  ['"a" == "b"', "0"],
  ["1e3 + .5", "1000.5"],
  ["TimeInterval_Minute * 15", "00:15:00"],
  ["90 * TimeInterval_Minute + TimeInterval_Day", "1.01:30:00"],
  ["TimeInterval_Hour / 2", "00:30:00"],
  ["-TimeInterval_Second", "-00:00:01"],
  ['time("2024-02-29") + TimeInterval_Day', "2024-03-01T00:00:00.000Z"],
  ['time("2024-02-29T12:00:00") - time("2024-02-29T11:00:00Z")', "01:00:00"],
  ['time("2024-02-29").month * 100 + time("2024-02-29").day', "229"],
  ["time() > time() - TimeInterval_Second", "1"],
])("%s is %s", (expression, expected) => {
  expect(value(expression)).toBe(expected);
});

const SAMPLES = { samples: active(2, 4, 4, 4, 5, 5, 7, 9) };
const ALL = "$ActiveTasks.GetSample(8)";

test.each([
  [`avg(${ALL})`, "5"],
  [`avg(${ALL}, 14)`, "6"],
  [`max(0, $ActiveTasks.GetSample(1))`, "9"],
  [`min(${ALL}, 3)`, "2"],
  [`sum(${ALL})`, "40"],
  [`range(${ALL})`, "7"],
  [`round(std(${ALL}) * 1000)`, "2138"],
  [`len(${ALL})`, "8"],
  [`val(${ALL}, 1)`, "4"],
  [`percentile(${ALL}, 50)`, "4.5"],
  ["norm($ActiveTasks.GetSample(1))", "9"],
  ["ceil(1.2) + floor(1.8) + round(2.5)", "6"],
  ["lg(8) + ln(1) + log(100)", "5"],
  ["rand()", "0.25"],
  ["$ActiveTasks.GetSample(2) * 2", "[14,18]"],
  ["10 - $ActiveTasks.GetSample(2)", "[3,1]"],
  ["$ActiveTasks.GetSample(2) + $ActiveTasks.GetSample(2)", "[14,18]"],
  ["$ActiveTasks.Count()", "8"],
  ["$ActiveTasks.GetSamplePeriod()", "00:00:30"],
  ["time() - $ActiveTasks.HistoryBeginTime()", "00:04:00"],
  ["$ActiveTasks.GetSample(60 * TimeInterval_Second, 120 * TimeInterval_Second)", "[5,5,7]"],
  ["$ActiveTasks.GetSample(time() - TimeInterval_Minute, 100)", "[7,9]"],
  ["$ActiveTasks.GetSamplePercent(TimeInterval_Minute * 8)", "50"],
  ["$ActiveTasks + 1", "10"],
  ["$CurrentDedicatedNodes * $TaskSlotsPerNode", "12"],
])("%s is %s with samples", (expression, expected) => {
  expect(value(expression, SAMPLES)).toBe(expected);
});

test("a formula reads what it has written, and the targets that stand", () => {
  expect(run("a = 2; a = a * a; $TargetDedicatedNodes = $TargetDedicatedNodes + a;").targets?.dedicated).toBe(
    7,
  );
});

test("stop ends the formula with what it has written by then", () => {
  expect(run("$TargetDedicatedNodes = 5; stop(); $TargetDedicatedNodes = 9;").targets?.dedicated).toBe(5);
});

test("targets are whole and not negative", () => {
  expect(run("$TargetDedicatedNodes = 2.9; $TargetLowPriorityNodes = 0 - 4;").targets).toMatchObject({
    dedicated: 2,
    lowPriority: 0,
  });
});

test("a run that fails says where and why, and gives no targets", () => {
  expect(run("$TargetDedicatedNodes = 1;\n$x = nowhere;")).toEqual({
    timestamp: NOW,
    results: "$TargetDedicatedNodes=3;$TargetLowPriorityNodes=1;$NodeDeallocationOption=requeue",
    error: {
      code: "AutoScalingFormulaEvaluationError",
      message: "The autoscale formula could not be evaluated",
      values: [{ name: "Message", value: "Line 2, Col 6: Undefined symbol: nowhere" }],
    },
  });
  expect(run("$x = $ActiveTasks.GetSample(TimeInterval_Hour, 90);", SAMPLES).error?.code).toBe(
    "InsufficientSampleData",
  );
});

test.each([
  ["$x = 1 + time();", "+ cannot be applied to a double and a timestamp"],
  ['$x = "a" + "b";', "+ cannot be applied to a string and a string"],
  ["$x = avg();", "avg needs at least one number"],
  ["$x = nothing(1);", "There is no function nothing"],
  ["$x = constructor(1);", "There is no function constructor"],
  ["$x = __proto__;", "Undefined symbol: __proto__"],
  ["$x = time().century;", "A timestamp has no member century"],
  ["$x = $ActiveTasks.Delete();", "Delete is not a method of a service variable"],
  ["$CPUPercent = 1;", "$CPUPercent cannot be written"],
  ["$TargetDedicatedNodes = 1 / 0;", "$TargetDedicatedNodes must be a number"],
  ["$NodeDeallocationOption = 3;", "$NodeDeallocationOption must be one of"],
])("%s fails: %s", (formula, expected) => {
  expect(message(formula, SAMPLES)).toContain(expected);
});

test.each([
  ["$x = ", "Line 1, Col 6: An expression is expected"],
  ["$x = 1 2;", "Line 1, Col 8: ';' is expected"],
  ["$x = (1;", "Line 1, Col 8: ')' is expected"],
  ["$x = 1;\n  $y = #;", "Line 2, Col 8: Unexpected character '#'"],
  ["$x = /* open", "Line 1, Col 6: An expression is expected"],
  ["", "Line 1, Col 1: The formula has no statement"],
  ["// nothing", "Line 1, Col 11: The formula has no statement"],
])("%j cannot be read: %s", (formula, expected) => {
  expect(() => run(formula)).toThrow(expect.objectContaining({ code: "AutoScalingFormulaSyntaxError" }));
  expect(() => run(formula)).toThrow(expected);
});

test("hostile formulas are refused or end soon", () => {
  expect(() => run(`$x = ${"(".repeat(4000)}`)).toThrow("nested too deeply");
  expect(() => run(`$x = ${"-".repeat(4000)}1;`)).toThrow("nested too deeply");
  expect(() => run(`$x = ${"a?".repeat(4000)}`)).toThrow("nested too deeply");
  expect(() => run(`$x = ${"1".repeat(9000)};`)).toThrow(
    expect.objectContaining({ code: "AutoScalingFormulaTooLong" }),
  );
  expect(value(`0${"+1".repeat(4000)}`)).toBe("4000");
  const samples = active(...Array.from({ length: 2880 }, () => 1));
  const all = "$ActiveTasks.GetSample(2880)";
  expect(message(`$x = ${all}; $y = max(${Array(500).fill("$x").join(",")});`, { samples })).toContain(
    "takes too long",
  );
});

test.each([
  ["len(1, 2, 3)", "3"],
  ["len(vec(1, 2), 3)", "3"],
  ["vec(1, vec(2, 3))", "[1,2,3]"],
  ["len(vec())", "0"],
  ["lg(2, 8)", "[1,3]"],
  ["lg(8)", "3"],
  ["ln(vec(1))", "[0]"],
  ["log(10, vec(100, 1000))", "[1,2,3]"],
  ["ceil(1.2, 2.5)", "[2,3]"],
  ["floor(vec(1.2), 2.5)", "[1,2]"],
  ["round(1.5)", "2"],
  ['time("Sun, 06 Nov 1994 08:49:37 GMT")', "1994-11-06T08:49:37.000Z"],
  ['time("1994-11-06T08:49:37+01:00")', "1994-11-06T07:49:37.000Z"],
  ["$TargetDedicated + $TargetLowPriority", "4"],
])("%s is %s, as the page's table of functions and variables has it", (expression, expected) => {
  expect(value(expression)).toBe(expected);
});

test.each(['time("Sun, 06 Nov 1994 08:49:37")', 'time("Sunday, 06-Nov-94 08:49:37 GMT")', 'time("soon")'])(
  "%s is no time",
  (expression) => {
    expect(message(`$x = ${expression};`)).toContain("as a time");
  },
);

test("the older names of the targets set them, unless the full name does", () => {
  expect(run("$TargetDedicated = 7; $TargetLowPriority = 2;").targets).toMatchObject({
    dedicated: 7,
    lowPriority: 2,
  });
  for (const formula of [
    "$TargetDedicated = 7; $TargetDedicatedNodes = 5;",
    "$TargetDedicatedNodes = 5; $TargetDedicated = 7;",
  ]) {
    const { targets, results } = run(formula);
    expect(targets?.dedicated).toBe(5);
    expect(results).not.toContain("$TargetDedicated=");
  }
});

test("a formula has at most 100 statements", () => {
  const statements = (count: number) => "$x = 1;".repeat(count);
  expect(run(statements(100)).error).toBeUndefined();
  expect(() => run(statements(101))).toThrow("at most 100 statements");
});

test("a pool without history gives the samples that there are", () => {
  const present = { ActiveTasks: 2 };
  expect(value("$ActiveTasks.GetSample(5)", { present })).toBe("[2]");
  expect(value("$ActiveTasks.GetSample(5)", { present, samples: active(3, 4) })).toBe("[3,4]");
});

test("a formula that fails leaves the pool's own values beside its error", () => {
  expect(run("$TargetDedicatedNodes = $NoSuch;")).toMatchObject({
    results: "$TargetDedicatedNodes=3;$TargetLowPriorityNodes=1;$NodeDeallocationOption=requeue",
    error: {
      code: "AutoScalingFormulaEvaluationError",
      values: [{ name: "Message", value: "Line 1, Col 25: Undefined symbol: $NoSuch" }],
    },
  });
});
