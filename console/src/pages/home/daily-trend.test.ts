import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Run, runCountsSchema } from "@rollcall/core/contract/runs.ts";
import { dailyTrend } from "./daily-trend.ts";

const now = Date.parse("2026-11-24T12:00:00Z");

describe("the trend on the home page", () => {
  test("is empty while nothing has finished", () => {
    assert.deepEqual(dailyTrend([], now), []);
  });

  test("a day without runs keeps the number of users, and adds up several integrations", () => {
    const runs = [
      run({ finishedAt: "2026-11-22T02:00:00Z", integrationId: "a", fetched: 100, created: 100 }),
      run({ finishedAt: "2026-11-24T02:00:00Z", integrationId: "b", fetched: 50, deactivated: 2 }),
    ];
    assert.deepEqual(dailyTrend(runs, now), [
      { day: "2026-11-22", users: 100, created: 100, deactivated: 0 },
      { day: "2026-11-23", users: 100, created: 0, deactivated: 0 },
      { day: "2026-11-24", users: 150, created: 0, deactivated: 2 },
    ]);
  });

  test("a run that did not read everybody does not say how many there are", () => {
    const runs = [
      run({ finishedAt: "2026-11-23T02:00:00Z", fetched: 100 }),
      run({ finishedAt: "2026-11-24T02:00:00Z", fetched: 7, complete: false }),
    ];
    assert.equal(dailyTrend(runs, now).at(-1)?.users, 100);
  });

  test("a preview counts for nothing", () => {
    assert.deepEqual(dailyTrend([run({ finishedAt: "2026-11-24T02:00:00Z", fetched: 9, dryRun: true })], now), []);
  });

  test("shows at most the days asked for, and knows what was before them", () => {
    const trend = dailyTrend([run({ finishedAt: "2026-10-01T02:00:00Z", fetched: 42 })], now, 3);
    assert.deepEqual(
      trend.map(({ day, users }) => [day, users]),
      [
        ["2026-11-22", 42],
        ["2026-11-23", 42],
        ["2026-11-24", 42],
      ],
    );
  });
});

type Facts = {
  readonly finishedAt: string;
  readonly integrationId?: string;
  readonly complete?: boolean;
  readonly dryRun?: boolean;
  readonly fetched?: number;
  readonly created?: number;
  readonly deactivated?: number;
};

function run({ finishedAt, integrationId = "a", complete = true, dryRun = false, ...counts }: Facts): Run {
  return {
    id: `run of ${finishedAt}`,
    integrationId,
    integrationName: "Clickwrap",
    kind: "sync",
    ofRunId: null,
    trigger: "schedule",
    requestedBy: null,
    status: "completed",
    stage: "finished",
    dryRun,
    reader: "server",
    runner: null,
    attempt: 1,
    queuedAt: finishedAt,
    startedAt: finishedAt,
    finishedAt,
    cancelRequestedAt: null,
    coverage: { complete, gaps: [] },
    counts: runCountsSchema.parse(counts),
    progress: { pages: 1, records: 1, expected: null, ratePerSecond: null, secondsLeft: null },
    plan: "applied",
    planExpiresAt: null,
    guard: null,
    decision: null,
    error: null,
  };
}
