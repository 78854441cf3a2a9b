import { test } from "node:test";
import { compareInstallations } from "./compare-installations.ts";
import { story } from "./story.ts";

test("the same population, read by the server and by a runner, gives the same rows, history and counters", async () => {
  await compareInstallations({ users: 1_000, population: "odd", seed: 11, sites: 3 }, { deactivate: true }, story);
});
