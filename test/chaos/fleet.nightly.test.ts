import { test } from "node:test";
import { runFleet } from "./fleet/fleet.ts";

test("C14 D18 E21 two servers and three workers, killed at random for two minutes under load: each due run happens once, within the budget, told once", async (t) => {
  const seed = 44;
  const figures = await runFleet({
    seed,
    servers: 2,
    workers: 3,
    requestsPerMinute: [40, 60, 80, 120, ...Array<number>(12).fill(2_000)],
    usersPerTenant: 400,
    seconds: 120,
    kills: 10,
    killEverySeconds: 3,
    dueEveryMilliseconds: 600,
  });
  t.diagnostic(`seed ${seed}: ${JSON.stringify(figures)}`);
});
