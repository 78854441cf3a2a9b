import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { type NamedRunRow, runDocument } from "./run-document.ts";
import { runEvents } from "./run-events.ts";

const quick = { lookMilliseconds: 1, silenceMilliseconds: 3 };
const at = new Date("2026-11-24T12:00:00Z");

const row: NamedRunRow = {
  id: "00000000-0000-7000-8000-000000000001",
  integrationId: "00000000-0000-7000-8000-000000000002",
  integrationName: "Legal",
  requestedByName: null,
  decidedByName: null,
  runnerName: null,
  kind: "sync",
  ofRunId: null,
  trigger: "manual",
  requestedBy: null,
  dryRun: false,
  onlyKeys: null,
  status: "running",
  stage: "fetching",
  reader: "server",
  runnerId: null,
  revision: 1,
  attempt: 1,
  lease: null,
  heartbeatAt: null,
  cancelRequestedAt: null,
  checkpoint: null,
  progress: {},
  coverage: null,
  counts: {},
  error: null,
  plan: "none",
  planExpiresAt: null,
  guard: null,
  decidedBy: null,
  decidedAt: null,
  decisionReason: null,
  appliedAt: null,
  queuedAt: at,
  startedAt: at,
  finishedAt: null,
};
const fetched = (records: number): Run =>
  runDocument({ ...row, progress: { pages: 1, records, expected: null, startedAt: at.toISOString() } }, new Date());
const finished = runDocument({ ...row, status: "completed", stage: "finished", finishedAt: at }, at);

async function eventsOf(runs: readonly (Run | undefined)[], signal = new AbortController().signal): Promise<string[]> {
  const left = [...runs];
  const events: string[] = [];
  for await (const event of runEvents(async () => left.shift(), signal, quick)) {
    events.push(event.startsWith(":") ? ":" : event);
  }
  return events;
}

describe("a run's events", () => {
  test("are its document on every change, and end with the run", async () => {
    const events = await eventsOf([fetched(1), fetched(1), fetched(2), finished, fetched(3)]);
    assert.equal(events.length, 3);
    assert.match(events[0] ?? "", /^event: run\ndata: \{.*"records":1,.*\}\n\n$/);
    assert.match(events[2] ?? "", /"status":"completed"/);
  });

  test("show in a long silence that the connection lives", async () => {
    const events = await eventsOf([...Array.from({ length: 5 }, () => fetched(1)), finished]);
    assert.equal(events[1], ":");
  });

  test("end when the run is gone", async () => {
    assert.equal((await eventsOf([fetched(1), undefined])).length, 1);
  });

  test("end when nobody listens any more, without waiting for the next look", async () => {
    const listener = new AbortController();
    const events = runEvents(async () => fetched(1), listener.signal, {
      lookMilliseconds: 1e9,
      silenceMilliseconds: 1e9,
    });
    assert.equal((await events.next()).done, false);
    const next = events.next();
    listener.abort();
    assert.equal((await next).done, true);
  });
});
