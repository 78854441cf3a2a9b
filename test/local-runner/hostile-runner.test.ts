import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { Problem } from "@rollcall/core/contract/problem.ts";
import type { RunnerWork, UploadAnswer, UploadedPage, UploadedRecord } from "@rollcall/core/contract/runners.ts";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { one } from "@rollcall/server/postgres/query.ts";
import { stageTables } from "@rollcall/server/sync/stage-tables.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { users } from "@rollcall/server/test/vendor-world.ts";
import fc from "fast-check";
import { callAsRunner, enrollRunner, local, startRunner } from "./start-runner.ts";

/** A runner that says what it likes: every call of this file is made by hand. */
describe("a hostile runner", () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall({ sandbox: { users: users("hostile.example", 20) } });
  });
  after(async () => await rollcall[Symbol.asyncDispose]());

  /** An integration that has twenty active users, with a second run in the runner's hands. */
  const aStory = async (settings: Readonly<Record<string, unknown>> = {}): Promise<Story> => {
    const integration = await rollcall.launch({
      ...local,
      deactivate: true,
      guard: { enabled: false },
      inputs: { accountId: await accountId(rollcall) },
      mode: "user-only",
      ...settings,
    });
    await using honest = await startRunner(rollcall, { integrationIds: [integration.id] });
    const first = await must(rollcall.api<Run>("POST", `/integrations/${integration.id}/runs`));
    await honest.readAll();
    assert.equal((await rollcall.waitFor(first.id)).status, "completed");
    const { id } = await must(rollcall.api<Run>("POST", `/integrations/${integration.id}/runs`));
    const { token } = await enrollRunner(rollcall, { integrationIds: [integration.id] });
    const { body } = await callAsRunner<{ work: RunnerWork | null }>(rollcall.url, token, "POST", "/work", asking);
    assert.equal(body.work?.runId, id);
    return { integration, token, work: body.work };
  };
  const call = <Body>(token: string, path: string, body: unknown) =>
    callAsRunner<Body>(rollcall.url, token, "POST", path, body);
  const upload = ({ token, work }: Story, number: number, ...pages: unknown[]) =>
    call<UploadAnswer & Problem>(token, `/runs/${work.runId}/uploads`, { lease: work.lease, number, pages });
  const end = ({ token, work }: Story, ending: unknown) =>
    call<Problem | null>(token, `/runs/${work.runId}/end`, { lease: work.lease, end: ending });
  const deactivated = async (integration: Integration) => {
    const text = "select count(*)::integer as count from link where integration_id = $1 and not active";
    return (await one<{ count: number }>(rollcall.database, text, [integration.id])).count;
  };

  const forgeries: Readonly<Record<string, { readonly pages: readonly UploadedPage[]; readonly gap: string }>> = {
    "ends before it read anything": { pages: [], gap: "account.none_found" },
    "says a page is the last without has_more": {
      pages: [aPage({ page: 1, total_count: 1 }, [aUser(1)])],
      gap: "paging.more_missing",
    },
    "says a page is the last though the vendor counts more": {
      pages: [aPage({ page: 1, has_more: false, total_count: 20 }, [aUser(1)])],
      gap: "paging.total_mismatch",
    },
    "stops in the middle": {
      pages: [aPage({ page: 1, has_more: true, total_count: 20 }, [aUser(1)])],
      gap: "list.unfinished",
    },
    "sends one page again and again": {
      pages: [
        aPage({ page: 1, has_more: true, total_count: 3 }, [aUser(1)]),
        aPage({ page: 2, has_more: false, total_count: 3 }, [aUser(1)]),
      ],
      gap: "paging",
    },
    "says that the account is empty": {
      pages: [aPage({ page: 1, has_more: false, total_count: 0 }, [])],
      gap: "list.empty_first_page",
    },
    "says that the vendor failed": {
      pages: [{ ...aPage({}, []), failure: "vendor.unavailable", status: 0, records: null }],
      gap: "page.failed",
    },
    "says that there was no list": {
      pages: [{ ...aPage({ has_more: false }, []), records: null }],
      gap: "list.missing",
    },
    "hides a record without a key": {
      pages: [
        aPage({ page: 1, has_more: false, total_count: 1 }, [{ kind: "unreadable", at: "key", found: "nothing" }]),
      ],
      gap: "record.without_key",
    },
  };
  for (const [what, { pages, gap }] of Object.entries(forgeries)) {
    test(`that ${what} has nobody deactivated`, async () => {
      const story = await aStory();
      if (pages.length > 0) {
        const { status, body } = await upload(story, 1, ...pages);
        assert.equal(status, 200, JSON.stringify(body));
      }
      assert.equal((await end(story, { kind: "read", accepted: pages.length > 0 ? 1 : 0 })).status, 204);
      const run = await rollcall.waitFor(story.work.runId);
      assert.ok(
        ["incomplete", "failed", "empty"].includes(run.status),
        `${run.status} ${JSON.stringify(run.coverage)}`,
      );
      assert.equal(run.coverage?.complete ?? false, false);
      assert.equal(await deactivated(story.integration), 0);
      if (run.coverage !== null) {
        assert.ok(
          run.coverage.gaps.some(({ code }) => code.startsWith(gap)),
          JSON.stringify(run.coverage.gaps),
        );
      }
    });
  }

  const intrusions: Readonly<Record<string, UploadedRecord>> = {
    "a field that is not mapped": { ...aUser(1), person: { ...aUser(1).person, salary: "9" } } as UploadedRecord,
    "another value for a constant": { ...aUser(1), person: { ...aUser(1).person, role: "Owner" } } as UploadedRecord,
    "a SaaS user where there are none": { ...aUser(1), saas: { role: "owner" } } as UploadedRecord,
    "text that is too long": {
      ...aUser(1),
      person: { ...aUser(1).person, fullName: "x".repeat(300) },
    } as UploadedRecord,
    "a status that the vendor does not have": { ...aUser(1), activity: "inactive" } as UploadedRecord,
    "a sync key that is not written": { ...aUser(1), syncKeys: ["boss@example.com"] } as UploadedRecord,
    "a filtered record without a filter": { kind: "filtered", key: "1" },
    "a user without values": { kind: "present", key: "1" },
    "a key of spaces": { ...aUser(1), key: " " } as UploadedRecord,
    "a rejection that tells a value": { kind: "unreadable", at: "key", found: "Ada Lovelace" },
  };
  test("cannot write what the mapping cannot, and what is refused leaves nothing", async () => {
    const story = await aStory();
    for (const [what, record] of Object.entries(intrusions)) {
      const good = aPage({ page: 1, has_more: true, total_count: 20 }, [aUser(2)]);
      const bad = aPage({ page: 2, has_more: false, total_count: 20 }, [record]);
      const { status, body } = await upload(story, 1, good, bad);
      assert.deepEqual([status, body.code], [400, "runner.upload_refused"], `${what}: ${JSON.stringify(body)}`);
    }
    const { record } = stageTables(story.work.runId);
    const { count } = await one<{ count: number }>(
      rollcall.database,
      `select count(*)::integer as count from ${record}`,
    );
    assert.equal(count, 0);
    for (const parents of [
      { sites: { values: ["1"], unreadable: 0 } },
      { members: { values: ["1"], unreadable: 0 } },
    ]) {
      const page = { ...aPage({ page: 1, has_more: false, total_count: 0 }, []), parents };
      assert.equal((await upload(story, 1, page)).body.code, "runner.upload_refused");
    }
    const large = aPage({ page: 1, has_more: false, total_count: 1, other: "x".repeat(100_000) }, [aUser(1)]);
    assert.equal((await upload(story, 1, large)).body.code, "runner.upload_refused");
  });

  test("uploads what is due and nothing else; what is sent again changes nothing", async () => {
    const story = await aStory();
    const page = aPage({ page: 1, has_more: true, total_count: 20 }, [aUser(1)]);
    assert.equal((await upload(story, 2, page)).body.code, "runner.out_of_step");
    assert.equal((await upload(story, 1, { ...page, listing: 7 })).body.code, "runner.out_of_step");
    assert.deepEqual((await upload(story, 1, page)).body, { accepted: 1, cancel: false, unavailable: [] });
    assert.deepEqual((await upload(story, 1, page)).body, { accepted: 1, cancel: false, unavailable: [] });
    const { record } = stageTables(story.work.runId);
    const { count } = await one<{ count: number }>(
      rollcall.database,
      `select count(*)::integer as count from ${record}`,
    );
    assert.equal(count, 1);
    assert.equal((await end(story, { kind: "read", accepted: 9 })).body?.code, "runner.out_of_step");
  });

  test("never makes the server fail inside, whatever it uploads", async () => {
    const story = await aStory();
    const good = { ...aPage({ page: 1, has_more: true, total_count: 20 }, [aUser(1), aUser(2)]) };
    const junk = fc.oneof(
      fc.constantFrom<unknown>(null, "", " ", -1, 1e308, 2 ** 53, [], {}, "\u0000", "\ud800", "__proto__", [[[[]]]], {
        constructor: 1,
      }),
      fc.jsonValue({ maxDepth: 3 }),
      fc.string({ unit: "binary", maxLength: 200 }),
    );
    const spoilt = fc.oneof(
      junk,
      fc.tuple(fc.constantFrom(...Object.keys(good)), junk).map(([name, value]) => ({ ...good, [name]: value })),
      fc
        .tuple(fc.constantFrom("page", "per_page", "count", "total_count", "has_more"), junk)
        .map(([name, value]) => ({ ...good, envelope: { ...Object(good.envelope), [name]: value } })),
      fc
        .tuple(fc.constantFrom(...Object.keys(aUser(1)), "notCreatable", "unjoined", "x"), junk)
        .map(([name, value]) => ({ ...good, records: [aUser(2), { ...aUser(1), [name]: value }] })),
    );
    let number = 1;
    await fc.assert(
      fc.asyncProperty(spoilt, async (page) => {
        const { status } = await upload(story, number, page);
        assert.ok(status < 500, `${status} ${JSON.stringify(page)}`);
        if (status === 200) number += 1;
      }),
      { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 150) },
    );
    assert.equal((await end(story, { kind: "read", accepted: number - 1 })).status, 204);
    const { status, coverage } = await rollcall.waitFor(story.work.runId);
    assert.ok(coverage?.complete !== true && status !== "completed", `${status} ${JSON.stringify(coverage)}`);
    assert.equal(await deactivated(story.integration), 0);
  });

  test("does not see, touch or get what is not its own", async () => {
    const story = await aStory();
    const other = await enrollRunner(rollcall, { integrationIds: [(await aStory()).integration.id] });
    const { runId, lease } = story.work;
    const page = aPage({ page: 1, has_more: true, total_count: 20 }, [aUser(1)]);
    for (const [path, body] of [
      [`/runs/${runId}/uploads`, { lease, number: 1, pages: [page] }],
      [`/runs/${runId}/beat`, { lease }],
      [`/runs/${runId}/restart-joins`, { lease }],
      [`/runs/${runId}/end`, { lease, end: { kind: "failed", code: "vendor.unavailable" } }],
      ["/runs/none/beat", { lease }],
    ] as const) {
      const { status, body: problem } = await call<Problem>(other.token, path, body);
      assert.deepEqual([status, problem.code], [404, "run.not_found"], path);
    }
    const guessed = { ...story, work: { ...story.work, lease: crypto.randomUUID() } };
    assert.equal((await upload(guessed, 1, page)).body.code, "run.superseded");
    assert.equal((await end(guessed, { kind: "stopped" })).body?.code, "run.superseded");

    await rollcall.database.query("update run set heartbeat_at = now() - interval '1 hour' where id = $1", [runId]);
    const cloud = await rollcall.launch({ guard: { enabled: false } });
    await rollcall.database.query("insert into run (integration_id) values ($1)", [cloud.id]);
    const asked = await call<{ work: RunnerWork | null }>(other.token, "/work", asking);
    assert.equal(asked.body.work, null);
    const { body: status } = await callAsRunner<{ integrations: { id: string }[] }>(
      rollcall.url,
      other.token,
      "GET",
      "/status",
    );
    assert.ok(!status.integrations.some(({ id }) => id === story.integration.id || id === cloud.id));
  });

  test("hears of a cancelled run with its next call, and the run is over at once", async () => {
    const story = await aStory();
    await must(rollcall.api("POST", `/runs/${story.work.runId}/cancel`));
    assert.equal((await rollcall.waitFor(story.work.runId)).status, "cancelled");
    const page = aPage({ page: 1, has_more: true, total_count: 20 }, [aUser(1)]);
    assert.equal((await upload(story, 1, page)).body.cancel, true);
    assert.deepEqual((await call(story.token, `/runs/${story.work.runId}/beat`, { lease: story.work.lease })).body, {
      cancel: true,
    });
    assert.equal(await deactivated(story.integration), 0);
  });

  test("fails a run in the server's words", async () => {
    const story = await aStory();
    assert.equal((await end(story, { kind: "failed", code: "<script>" })).status, 204);
    const { status, error } = await rollcall.waitFor(story.work.runId);
    assert.equal(status, "failed");
    assert.doesNotMatch(JSON.stringify(error), /script/);
  });

  test("gets a changed mapping with the next claim: what was staged for the old one is read anew", async () => {
    const story = await aStory();
    const page = aPage({ page: 1, has_more: true, total_count: 20 }, [aUser(1)]);
    assert.equal((await upload(story, 1, page)).status, 200);
    await must(rollcall.api("PATCH", `/integrations/${story.integration.id}`, { preference: "update-only" }));
    assert.equal((await upload(story, 2, { ...page, envelope: { page: 2 } })).body.code, "runner.out_of_step");
    assert.equal((await end(story, { kind: "stopped" })).status, 204);
    const { body } = await call<{ work: RunnerWork | null }>(story.token, "/work", asking);
    assert.deepEqual([body.work?.runId, body.work?.accepted], [story.work.runId, 0]);
    const { data } = await must(rollcall.api<{ data: { id: string }[] }>("GET", "/credentials?limit=1"));
    const move = { installation: "cloud", credentialId: data[0]?.id };
    const { body: refusal } = await rollcall.api<Problem>("PATCH", `/integrations/${story.integration.id}`, move);
    assert.equal(refusal.code, "integration.run_under_way");
  });
});

type Story = { readonly integration: Integration; readonly token: string; readonly work: RunnerWork };

const asking = { version: "hostile", waitSeconds: 0 };

function aPage(envelope: Readonly<Record<string, unknown>>, records: readonly UploadedRecord[]): UploadedPage {
  return { listing: 0, failure: null, status: 200, envelope: { ...envelope }, records: [...records], parents: {} };
}

function aUser(n: number): UploadedRecord & { readonly kind: "mapped" } {
  const email = `user${n}@hostile.example`;
  return {
    kind: "mapped",
    key: String(n),
    person: { email, username: email, fullName: `User ${n}`, role: "User", locale: "en-US", timeZone: "UTC" },
    saas: {},
    syncKeys: [email],
    activity: "unknown",
    problems: [],
  };
}

async function accountId(rollcall: TestRollcall): Promise<number> {
  return Number(rollcall.sandbox.state().accounts[0]);
}
