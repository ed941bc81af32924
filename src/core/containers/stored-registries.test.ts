import { expect, test } from "vitest";
import { registriesIn } from "./stored-registries.ts";

const registry = (username: string) => ({ registryServer: "r", username, password: "p" });
const task = (username: string) => ({ containerSettings: { imageName: "i", registry: registry(username) } });

test("registries are found wherever a body can have them", () => {
  const pool = {
    virtualMachineConfiguration: { containerConfiguration: { containerRegistries: [registry("pool")] } },
    startTask: task("start"),
  };
  const job = {
    jobManagerTask: task("manager"),
    jobPreparationTask: task("preparation"),
    jobReleaseTask: task("release"),
    poolInfo: { autoPoolSpecification: { pool } },
  };
  const names = (body: unknown) => registriesIn(body).map(({ username }) => username);
  expect(names(pool)).toEqual(["start", "pool"]);
  const ofJob = ["manager", "preparation", "release", "start", "pool"];
  expect(names(job)).toEqual(ofJob);
  expect(names({ id: "s", jobSpecification: job })).toEqual(ofJob);
  expect(names(task("task"))).toEqual(["task"]);
  expect(names({ value: [task("a"), { id: "b" }, task("c")] })).toEqual(["a", "c"]);
  for (const body of [undefined, null, "x", {}, { value: "x" }]) expect(registriesIn(body)).toEqual([]);
});
