import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Run, runSchema } from "@rollcall/core/contract/runs.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Api } from "../api/api.ts";
import { waitForRun } from "./wait-for-run.ts";

const pace = { lookMilliseconds: 1, failures: 3 };
const now = "2026-08-01T02:00:00.000Z";
const id = "00000000-0000-7000-8000-000000000001";

function aRun(change: Partial<Run> = {}): Run {
  return runSchema.parse({
    ...{ id, integrationId: id, integrationName: "Legal", kind: "sync", ofRunId: null, trigger: "manual" },
    ...{ requestedBy: null, status: "running", stage: "fetching", dryRun: false, attempt: 1, queuedAt: now },
    ...{ startedAt: now, finishedAt: null, cancelRequestedAt: null, coverage: null, counts: {}, progress: {} },
    ...{ plan: "none", planExpiresAt: null, guard: null, decision: null, error: null, reader: "server", runner: null },
    ...change,
  });
}

/** Answers look by look; an error is thrown, the last is given for ever. */
function answering(...answers: readonly (Run | Error)[]): Api {
  let look = 0;
  return {
    url: "http://127.0.0.1",
    call: async (_request, answer) => {
      const next = answers[Math.min(look++, answers.length - 1)];
      if (next instanceof Error) throw next;
      const parsed = answer.safeParse(next);
      assert.ok(parsed.success);
      return parsed.data;
    },
    send: () => Promise.reject(new Error("not expected")),
    csv: () => Promise.reject(new Error("not expected")),
  };
}

describe("waiting for a run", () => {
  const restarting = new ProductError("cli.server_unreachable", "No answer.");
  const finished = aRun({ status: "completed", stage: "finished", finishedAt: now });

  test("looks until it is finished, over a server that is away for a while", async () => {
    const shown: string[] = [];
    const api = answering(
      aRun(),
      restarting,
      restarting,
      aRun({ stage: "applying" }),
      restarting,
      restarting,
      finished,
    );
    const run = await waitForRun(api, id, ({ stage }) => shown.push(stage), new AbortController().signal, pace);
    assert.equal(run?.status, "completed");
    assert.deepEqual(shown, ["fetching", "applying", "finished"]);
  });

  test("gives up when the server stays away, and at once when it refuses", async () => {
    const wait = (...answers: readonly (Run | Error)[]) =>
      waitForRun(answering(...answers), id, () => undefined, new AbortController().signal, pace);
    await assert.rejects(wait(aRun(), restarting), restarting);
    const refusal = new ProductError("cli.unexpected_answer", "Not Rollcall.");
    await assert.rejects(wait(refusal, finished), refusal);
  });

  test("ends with null when the signal fires", async () => {
    const stop = new AbortController();
    const run = await waitForRun(answering(aRun()), id, () => stop.abort(), stop.signal, {
      ...pace,
      lookMilliseconds: 3_600_000,
    });
    assert.equal(run, null);
  });
});
