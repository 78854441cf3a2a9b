import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { NextRuns } from "@rollcall/core/contract/schedules.ts";
import {
  aDraft,
  anActive,
  type IntegrationServer,
  startIntegrationServer,
} from "@rollcall/server/test/integration-fixtures.ts";
import { aQueue } from "../runs/run-fixtures.ts";
import { fireDue } from "./fire-due.ts";

describe("the API of schedules", () => {
  let server: IntegrationServer;
  before(async () => {
    server = await startIntegrationServer();
    server.clock.now = new Date("2030-11-24T12:00Z");
  });
  after(async () => await server[Symbol.asyncDispose]());

  const nextRunsOf = async (id: string) => (await server.api<NextRuns>("GET", `/integrations/${id}/next-runs`)).body;
  const cron = (expression: string) => ({ kind: "cron", expression, timeZone: "Europe/Berlin" });

  test("the next three runs are those of the integration's document, with its jitter", async () => {
    const active = await anActive(server, { schedule: { kind: "daily", at: "03:00", timeZone: "Europe/Berlin" } });
    const runs = await nextRunsOf(active.id);
    assert.equal(runs.state, "active");
    assert.equal(runs.timeZone, "Europe/Berlin");
    assert.deepEqual(runs.nextRuns, active.nextRuns);
    assert.equal(runs.nextRuns.length, 3);
    const first = new Date(runs.nextRuns[0] ?? 0);
    assert.deepEqual([first.getUTCHours(), first.getUTCMinutes()], [2, runs.jitterMinutes]);
  });

  test("launching, changing, pausing, resuming and archiving move the next run with them", async () => {
    const draft = await aDraft(server);
    assert.deepEqual([(await nextRunsOf(draft.id)).state, draft.nextRunAt], ["not-launched", null]);
    const { id, nextRunAt } = await anActive(server, { schedule: cron("0 3 * * *") });
    assert.equal(nextRunAt, "2030-11-25T02:00:00.000Z");
    const patched = await server.api<Integration>("PATCH", `/integrations/${id}`, { schedule: cron("0 14 * * *") });
    assert.equal(patched.body.nextRunAt, "2030-11-24T13:00:00.000Z");
    const paused = await server.api<Integration>("POST", `/integrations/${id}/pause`);
    assert.equal(paused.body.nextRunAt, null);
    assert.deepEqual((await nextRunsOf(id)).nextRuns, []);
    const later = await server.api<Integration>("PATCH", `/integrations/${id}`, {
      schedule: { kind: "interval", minutes: 60 },
    });
    assert.equal(later.body.nextRunAt, null);
    const resumed = await server.api<Integration>("POST", `/integrations/${id}/resume`);
    assert.equal(resumed.body.nextRunAt, "2030-11-24T13:00:00.000Z");
    const manual = await server.api<Integration>("PATCH", `/integrations/${id}`, { schedule: { kind: "manual" } });
    assert.equal(manual.body.nextRunAt, null);
    assert.equal((await nextRunsOf(id)).state, "manual");
    const restored = await server.api<Integration>("POST", `/integrations/${id}/revisions/2/restore`);
    assert.equal(restored.body.nextRunAt, "2030-11-24T13:00:00.000Z");
    await server.api("POST", `/integrations/${id}/archive`);
    assert.equal((await nextRunsOf(id)).state, "not-launched");
  });

  test("a run that is due is shown until it has fired, then the one after it", async () => {
    const { id } = await anActive(server, { schedule: cron("0 14 * * *") });
    server.clock.now = new Date("2030-11-24T13:00:30Z");
    const due = await nextRunsOf(id);
    assert.deepEqual(due.nextRuns.slice(0, 2), ["2030-11-24T13:00:00.000Z", "2030-11-25T13:00:00.000Z"]);
    const onFailure = (error: unknown): never => {
      throw error;
    };
    const parts = { database: server.database, queue: aQueue(), now: () => server.clock.now, onFailure };
    await fireDue(parts);
    const fired = await nextRunsOf(id);
    assert.equal(fired.nextRuns[0], "2030-11-25T13:00:00.000Z");
    assert.equal(fired.lastDueAt, "2030-11-24T13:00:00.000Z");
    assert.equal(fired.lastFiredAt, "2030-11-24T13:00:30.000Z");
  });

  test("there are none for an integration that does not exist", async () => {
    assert.equal((await server.refused("GET", "/integrations/nobody/next-runs")).body.code, "integration.not_found");
  });
});
