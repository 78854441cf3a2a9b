import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startTestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aUser } from "@rollcall/server/test/vendor-world.ts";
import { startRecordingProxy } from "./recording-proxy.ts";
import { local, startRunner } from "./start-runner.ts";

const canary = "canary-5f1c";

/** Every second user is filtered; what nobody mapped of the others is a secret too. */
const users = Array.from({ length: 60 }, (_, index) => {
  const id = index + 1;
  const profile = { id: `p${id}`, provider: canary, displayName: canary, emails: [`${canary}@example.com`] };
  return id % 2 === 0
    ? { ...aUser(`${canary}.example`, id, { name: canary, locale: canary, profiles: [profile] }), memberships: [] }
    : aUser("open.example", id, { profiles: [profile] });
});

test("what leaves the runner holds no secret, no token of the vendor, and nothing of a filtered record but its key", async () => {
  const clientSecret = "s3cret-of-the-vendor-91";
  await using rollcall = await startTestRollcall({ sandbox: { users, clientSecret } });
  await using toVendor = await startRecordingProxy(rollcall.sandbox.url);
  await using toServer = await startRecordingProxy(rollcall.url);
  const integration = await rollcall.launch({
    ...local,
    inputs: { baseUrl: toVendor.url, perPage: 7 },
    filter: {
      mode: "if",
      rules: { all: [{ field: "email", operator: "ends-with", value: "@open.example" }] },
      restoreArchived: false,
    },
  });
  await using runner = await startRunner(rollcall, { url: toServer.url });
  const run = await rollcall.api<{ id: string }>("POST", `/integrations/${integration.id}/runs`);
  const [report] = await runner.readAll();
  assert.equal(report?.outcome, "read", report?.detail ?? "");
  const { status, counts } = await rollcall.waitFor(run.body.id);
  assert.deepEqual([status, counts.fetched, counts.created, counts.skippedByFilter], ["completed", 60, 30, 30]);

  const vendorHeard = toVendor.said();
  const [, accessToken = ""] = /"authorization":"Bearer ([^"]+)"/.exec(vendorHeard) ?? [];
  assert.ok(vendorHeard.includes(clientSecret) && accessToken.length > 8, "the vendor was told the secret");
  const said = toServer.said();
  assert.ok(said.includes("user1@open.example") && said.includes('"kind":"filtered"'), "the server was told the users");
  for (const secret of [canary, clientSecret, accessToken, rollcall.sandbox.clientId]) {
    assert.ok(!said.toLowerCase().includes(secret.toLowerCase()), `${secret} left the runner`);
  }
  assert.deepEqual(await readdir(join(runner.environment.XDG_STATE_HOME ?? "", "rollcall", "runner")), []);
});
