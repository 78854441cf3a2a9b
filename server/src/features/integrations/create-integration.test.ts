import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import {
  aCredential,
  aDraft,
  anAccount,
  type IntegrationServer,
  startIntegrationServer,
} from "../../../test/integration-fixtures.ts";
import { one, rows } from "../../postgres/query.ts";

describe("creating an integration", () => {
  let server: IntegrationServer;
  before(async () => {
    server = await startIntegrationServer();
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  const counted = async () =>
    await one(
      server.database,
      `select (select count(*)::int from integration) as integrations, (select count(*)::int from account) as accounts,
         (select count(*)::int from software) as software, (select count(*)::int from audit_event) as audited`,
    );

  /** Refused with these pointers, and not a row written. */
  const refusedAt = async (body: Readonly<Record<string, unknown>>, pointers: readonly string[], status = 400) => {
    const earlier = await counted();
    const answer = await server.refused("POST", "/integrations", {
      name: "Refused",
      connector: "ironclad-clickwrap",
      ...body,
    });
    assert.equal(answer.status, status, answer.text);
    assert.deepEqual(
      answer.body.errors.map(({ pointer }) => pointer),
      pointers,
      answer.text,
    );
    assert.deepEqual(await counted(), earlier);
    return answer.body;
  };

  test("a name and a connector are enough; the rest has defaults and is complete", async () => {
    const { status, body, headers } = await server.api<Integration>("POST", "/integrations", {
      name: "  Clickwrap ",
      connector: "ironclad-clickwrap",
    });
    assert.equal(status, 201);
    assert.equal(headers.get("location"), `/api/v1/integrations/${body.id}`);
    assert.equal(headers.get("etag"), '"1"');
    const { id, integrationUser, createdAt, updatedAt, mapping, launchChecklist, ...others } = body;
    assert.deepEqual(others, {
      name: "Clickwrap",
      connector: "ironclad-clickwrap",
      status: "draft",
      credentialId: null,
      mode: "user-only",
      softwareId: null,
      softwareOutcome: null,
      deactivate: false,
      personDeactivation: "when-unseen",
      installation: "cloud",
      preference: "create-update",
      contacts: [],
      inputs: {
        baseUrl: "https://api.pactsafe.com",
        accountId: null,
        sites: "all",
        roleRule: "highest",
        perPage: 100,
        requestsPerMinute: 1800,
        tokenEncoding: "form",
        clientAuthentication: "body",
        expectEmpty: false,
      },
      schedule: { kind: "daily", at: "02:00", timeZone: "UTC" },
      filter: { mode: "always", rules: null, restoreArchived: false },
      guard: {
        enabled: true,
        maxPercent: 10,
        minCount: 5,
        windowDays: 7,
        windowPercent: 20,
        confirmRuns: 1,
      },
      revision: 1,
      lastTest: null,
      lastRun: null,
      lastCompleteRunAt: null,
      nextRunAt: null,
      nextRuns: [],
    });
    assert.ok(
      mapping.rules.some(({ source, target, syncKey }) => source === "email" && target === "email" && syncKey === 1),
    );
    assert.deepEqual(
      launchChecklist.filter(({ ok }) => !ok).map(({ item }) => item),
      ["credential", "connection-test"],
    );
    assert.deepEqual((await server.api("GET", `/integrations/${id}`)).body, body);
    assert.ok(integrationUser && createdAt && updatedAt);
    const account = await one(server.database, "select kind, name, role from account where id = $1", [integrationUser]);
    assert.deepEqual({ ...account }, { kind: "service", name: "Rollcall: Clickwrap", role: "viewer" });
    const audited = await rows(server.database, "select action, target_id from audit_event where target_id = $1", [id]);
    assert.deepEqual(
      audited.map((row) => ({ ...row })),
      [{ action: "integration.create", target_id: id }],
    );
  });

  test("takes the whole document of the contract, its state included", async () => {
    const contact = await anAccount(server.database);
    const user = await anAccount(server.database);
    const document = {
      name: "Everything",
      connector: "ironclad-clickwrap",
      credentialId: await aCredential(server.database),
      mode: "user-plus-saas",
      softwareId: null,
      deactivate: true,
      installation: "local",
      preference: "update-only",
      integrationUser: user,
      contacts: [contact],
      inputs: { baseUrl: "https://eu.pactsafe.example/", accountId: null, perPage: 50 },
      schedule: { kind: "cron", expression: "0 3 * * mon-fri", timeZone: "Europe/Berlin" },
      mapping: {
        rules: [
          { source: "email", target: "email", syncKey: 1 },
          { source: "email", target: "username" },
          { source: '{{"User"}}', target: "role" },
          { source: "Provider", target: "fullName" },
        ],
        customFields: [{ name: "Provider", path: "profiles[0].provider" }],
      },
      filter: {
        mode: "if",
        rules: { all: [{ field: "verified", operator: "equals", value: true }] },
        restoreArchived: true,
      },
      guard: { maxPercent: 5, minCount: 1, windowDays: 3, windowPercent: 10, confirmRuns: 2 },
      status: "draft",
    };
    const { status, body, text } = await server.api<Integration>("POST", "/integrations", document);
    assert.equal(status, 201, text);
    const { inputs, guard, softwareId, ...same } = document;
    for (const [name, value] of Object.entries(same)) {
      assert.deepEqual(body[name as keyof Integration], value, name);
    }
    assert.equal(body.inputs.baseUrl, "https://eu.pactsafe.example");
    assert.equal(body.inputs.perPage, inputs.perPage);
    assert.deepEqual(body.guard, { enabled: true, ...guard });
    assert.notEqual(body.softwareId, softwareId);
  });

  test("names the connectors there are when it does not know one, the nearest first", async () => {
    const problem = await refusedAt({ connector: "ironclad-clikwrap" }, ["/connector"]);
    assert.match(problem.errors[0]?.message ?? "", /There are: ironclad-clickwrap, scim/);
    assert.match(
      (await refusedAt({ connector: "scmi" }, ["/connector"])).detail,
      /There are: scim, ironclad-clickwrap/,
    );
  });

  test("reports everything that is wrong at once, by pointer", async () => {
    await refusedAt(
      {
        inputs: { perPage: 100000, baseUrl: "ftp://x", page: 1 },
        schedule: { kind: "cron", expression: "0 25 * * *", timeZone: "Europe/Berln" },
        contacts: ["019ab3d2-0000-7000-8000-000000000001"],
        credentialId: "019ab3d2-0000-7000-8000-000000000002",
      },
      [
        "/inputs/page",
        "/inputs/baseUrl",
        "/inputs/perPage",
        "/schedule/expression",
        "/schedule/timeZone",
        "/credentialId",
        "/contacts/0",
      ],
    );
  });

  test("refuses a mapping that leaves a mandatory field out, or names one that does not exist", async () => {
    const email = { source: "email", target: "email", syncKey: 1 };
    await refusedAt({ mapping: { rules: [email] } }, ["/mapping/rules", "/mapping/rules"]);
    await refusedAt(
      {
        mapping: {
          rules: [
            email,
            { source: "email", target: "username" },
            { source: '{{"U"}}', target: "role" },
            { source: "nme", target: "fullNam" },
          ],
        },
      },
      ["/mapping/rules/3/source", "/mapping/rules/3/target"],
    );
  });

  test("refuses what is not in the contract, with the nearest name", async () => {
    const problem = await refusedAt({ contcts: [] }, ["/contcts"]);
    assert.match(problem.errors[0]?.message ?? "", /contacts/);
    await refusedAt({ status: "active" }, ["/status"]);
    await refusedAt({ name: "  " }, ["/name"]);
    await refusedAt({ schedule: { kind: "interval", minutes: 7 } }, ["/schedule/minutes"]);
  });

  test("refuses a credential of a kind the connector cannot use, and takes one of its authorization kind", async () => {
    const basic = await aCredential(server.database, "basic");
    assert.match((await refusedAt({ credentialId: basic }, ["/credentialId"])).detail, /kind basic does not fit/);
    const general = await aCredential(server.database, "oauth2-client-credentials");
    assert.equal((await aDraft(server, { credentialId: general.toUpperCase() })).credentialId, general);
  });

  test("refuses unknown and disabled accounts, and keeps each contact once", async () => {
    const disabled = await anAccount(server.database, "disabled");
    const known = await anAccount(server.database);
    await refusedAt({ integrationUser: disabled, contacts: [known, disabled] }, ["/integrationUser", "/contacts/1"]);
    assert.deepEqual((await aDraft(server, { contacts: [known, known.toUpperCase()] })).contacts, [known]);
  });

  test("does not give the same name twice, letters and spaces apart", async () => {
    await aDraft(server, { name: "Legal" });
    await refusedAt({ name: " lEGAL " }, ["/name"], 409);
  });

  test("takes client credentials for a local installation", async () => {
    const draft = await aDraft(server, { installation: "local" });
    assert.ok(draft.launchChecklist.every(({ ok }) => ok));
  });

  describe("SaaS record", () => {
    test("is created from the catalog entry the first time, found the second, and can be chosen", async () => {
      await using fresh = await startIntegrationServer();
      const first = await aDraft(fresh, { mode: "user-plus-saas" });
      const second = await aDraft(fresh, { mode: "user-plus-saas" });
      assert.equal(first.softwareOutcome, "created");
      assert.equal(second.softwareOutcome, "found");
      assert.equal(second.softwareId, first.softwareId);
      const software = await rows(
        fresh.database,
        "select s.id, s.name, c.key from software s join catalog_entry c on c.id = s.catalog_entry_id",
      );
      assert.deepEqual(
        software.map((row) => ({ ...row })),
        [{ id: first.softwareId, name: "Ironclad Clickwrap", key: "ironclad-clickwrap" }],
      );
      const { id: own } = await one<{ id: string }>(
        fresh.database,
        "insert into software (name) values ('Mine') returning id",
      );
      const third = await aDraft(fresh, { mode: "user-plus-saas", softwareId: own });
      assert.deepEqual([third.softwareId, third.softwareOutcome], [own, "chosen"]);
    });

    test("is the oldest of several that are linked to the entry", async () => {
      await using fresh = await startIntegrationServer();
      const insert = `insert into software (name, catalog_entry_id, created_at)
        select $1, id, $2 from catalog_entry where key = 'ironclad-clickwrap' returning id`;
      await one(fresh.database, insert, ["Younger", "2026-02-01"]);
      const { id } = await one<{ id: string }>(fresh.database, insert, ["Older", "2026-01-01"]);
      const draft = await aDraft(fresh, { mode: "user-plus-saas" });
      assert.deepEqual([draft.softwareId, draft.softwareOutcome], [id, "found"]);
    });

    test("does not take over a record of the same name that is not linked", async () => {
      await using fresh = await startIntegrationServer();
      await fresh.database.query("insert into software (name) values ('ironclad clickwrap')");
      const draft = await aDraft(fresh, { mode: "user-plus-saas" });
      assert.equal(draft.softwareOutcome, "created");
      const { name } = await one<{ name: string }>(fresh.database, "select name from software where id = $1", [
        draft.softwareId,
      ]);
      assert.equal(name, "Ironclad Clickwrap 2");
    });

    test("is made once when many integrations are saved at the same moment", async () => {
      await using fresh = await startIntegrationServer();
      const drafts = await Promise.all(Array.from({ length: 8 }, () => aDraft(fresh, { mode: "user-plus-saas" })));
      assert.equal(new Set(drafts.map(({ softwareId }) => softwareId)).size, 1);
      assert.equal(drafts.filter(({ softwareOutcome }) => softwareOutcome === "created").length, 1);
    });

    test("must be chosen for a connector that serves many applications", async () => {
      await refusedAt({ connector: "scim", inputs: { baseUrl: "https://scim.example/v2" }, mode: "user-plus-saas" }, [
        "/softwareId",
      ]);
      await refusedAt({ softwareId: "019ab3d2-0000-7000-8000-000000000001" }, ["/softwareId"]);
    });
  });
});
