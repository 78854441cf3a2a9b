import { test } from "node:test";
import { runFleet } from "./fleet/fleet.ts";

test("C14 D18 E21 a server and two workers that are killed under load: each due run happens once, within the budget, told once", async (t) => {
  const seed = 4;
  const figures = await runFleet({
    seed,
    servers: 1,
    workers: 2,
    requestsPerMinute: [90, 2_000, 2_000],
    usersPerTenant: 150,
    seconds: 15,
    kills: 3,
    killEverySeconds: 2,
    dueEveryMilliseconds: 500,
  });
  t.diagnostic(`seed ${seed}: ${JSON.stringify(figures)}`);
});
