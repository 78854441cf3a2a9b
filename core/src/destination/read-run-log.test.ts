import assert from "node:assert/strict";
import { test } from "node:test";
import { messageAbout, readRunLog } from "./read-run-log.ts";

test("the state of an upload is read from its words, its counts and a fatal error", () => {
  for (const [log, state] of [
    [{ status: "completed" }, "ended"],
    [{ status: "Completed with errors" }, "ended"],
    [{ status: "completed with empty response" }, "ended"],
    [{ status: "completed", logs: { processing: 3 } }, "working"],
    [{ status: "In progress" }, "working"],
    [{ status: "failed" }, "failed"],
    [{ status: "completed", logs: { "Fatal Error": "It broke." } }, "failed"],
    [{ status: "Canceled" }, "canceled"],
    [{ status: 7 }, "unknown"],
    [[], "unknown"],
    [null, "unknown"],
  ] as const) {
    assert.equal(readRunLog(log).state, state, JSON.stringify(log));
  }
});

test("refused records are counted whether the log has a number, a list, or an object of either", () => {
  for (const [logs, refused, messages] of [
    [{ failed: 2 }, 2, []],
    [{ failed: ["a: wrong", { message: "b: wrong" }] }, 2, ["a: wrong", "b: wrong"]],
    [{ failed: { count: 4, messages: ["a: wrong"] } }, 4, ["a: wrong"]],
    [{}, 0, []],
  ] as const) {
    const read = readRunLog({ status: "completed", logs });
    assert.deepEqual([read.refused, read.messages], [refused, messages]);
  }
  assert.equal(readRunLog({ status: "completed", error_logs_count: 3 }).refused, 3);
});

test("the message about a record names it; without one the first are told", () => {
  const { messages, ...log } = readRunLog({ logs: { failed: ["Ann@x.io: taken", "bob@x.io: wrong"] } });
  assert.equal(messageAbout({ ...log, messages }, "ann@x.io"), "Ann@x.io: taken");
  assert.equal(messageAbout({ ...log, messages }, "eve@x.io"), "Ann@x.io: taken; bob@x.io: wrong");
  assert.equal(messageAbout({ ...log, messages: [] }, "eve@x.io"), null);
});
