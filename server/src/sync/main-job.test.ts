import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { Field } from "@rollcall/core/contract/fields.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { Person } from "@rollcall/core/contract/people.ts";
import type { Run, RunError } from "@rollcall/core/contract/runs.ts";
import type { SaasUser } from "@rollcall/core/contract/saas.ts";
import type { IroncladUser } from "@rollcall/sandbox/population/ironclad-user.ts";
import { membershipsOf } from "@rollcall/sandbox/population/memberships-of.ts";
import { userAt } from "@rollcall/sandbox/population/user-at.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { one } from "../postgres/query.ts";

const userCount = 1234;
const population = Array.from({ length: userCount }, (_, index) => userAt("odd", 7, index));

/** Fields made for the test, one of each type. */
const fields = [
  { name: "provider", type: "short-text" },
  { name: "aliases", type: "long-text" },
  { name: "userNumber", type: "number" },
  { name: "weight", type: "decimal" },
  { name: "memberSince", type: "date-time" },
  { name: "confirmed", type: "yes-no" },
  { name: "signIn", type: "choice", choices: ["Password", "Google", "SAML", "None"] },
  { name: "badge", type: "short-text" },
  { name: "host", type: "short-text" },
  { name: "language", type: "short-text" },
  { name: "verifiedDay", type: "short-text" },
  { name: "syncedAt", type: "date-time" },
  { name: "syncedWith", type: "short-text" },
] as const;

const customFields = [
  { name: "Provider", path: "profiles[0].provider" },
  { name: "All addresses", path: '{{profiles[0]["emails"]}}' },
  { name: "Since", path: "/profiles/0/created_time" },
];

const customRules = [
  { source: "Provider", target: "provider", functions: [{ name: "upper" }] },
  { source: "All addresses", target: "aliases", functions: [{ name: "join", separator: "; " }] },
  { source: "id", target: "userNumber" },
  { source: '{{"03.10"}}', target: "weight" },
  { source: "Since", target: "memberSince" },
  { source: "verified", target: "confirmed" },
  {
    source: "Provider",
    target: "signIn",
    functions: [
      { name: "map-table", table: { local: "password", google: "Google", saml: " saml " }, otherwise: "None" },
      { name: "default", value: "None" },
    ],
  },
  { source: '{{"007"}}', target: "badge" },
  { source: "email", target: "host", functions: [{ name: "split", separator: "@", index: -1 }, { name: "lower" }] },
  { source: "locale", target: "language", functions: [{ name: "default", value: "en" }, { name: "trim" }] },
  { source: "verified_time", target: "verifiedDay", functions: [{ name: "date-format", format: "dd.MM.yyyy" }] },
];

describe("the main job", () => {
  let rollcall: TestRollcall;
  let integration: Integration;
  let first: Run;

  before(async () => {
    rollcall = await startTestRollcall({ sandbox: { users: userCount, population: "odd", seed: 7, sites: 3 } });
    for (const field of fields) {
      await must(rollcall.api<Field>("POST", "/fields", { label: `Field ${field.name}`, ...field }));
    }
    const { fields: known } = await must(
      rollcall.api<{ fields: { id: string; tracking: boolean }[] }>("GET", "/connectors/ironclad-clickwrap"),
    );
    const tracking = known.filter((field) => field.tracking).map(({ id }) => id);
    const syncTime = tracking.find((id) => /time/i.test(id)) ?? "";
    const credentials = tracking.find((id) => id !== syncTime) ?? "";
    const { mapping } = await must(
      rollcall.api<Integration>("POST", "/integrations", { name: "Default mapping", connector: "ironclad-clickwrap" }),
    );
    integration = await rollcall.launch({
      mapping: {
        customFields,
        rules: [
          ...mapping.rules,
          ...customRules,
          { source: syncTime, target: "syncedAt" },
          { source: credentials, target: "syncedWith" },
        ],
      },
    });
    first = await rollcall.run(integration.id);
  });
  after(() => rollcall[Symbol.asyncDispose]());

  test("reads all 1,234 odd users and says what did not fit", async () => {
    assert.equal(first.error, null);
    assert.deepEqual(first.coverage, { complete: true, gaps: [] });
    assert.equal(first.status, "completed_with_errors");
    assert.deepEqual(first.counts, { ...nothing, fetched: userCount, created: userCount });
    const tooLong = population.filter(({ name }) => characters(name) > 256).map(({ id }) => String(id));
    const errors = await rollcall.all<RunError>(`/runs/${first.id}/errors`);
    assert.ok(tooLong.length > 0);
    // The name goes to the person and to the SaaS user.
    assert.deepEqual(
      errors.map(({ vendorKey, field, code }) => `${vendorKey} ${field} ${code}`).sort(),
      tooLong.flatMap((key) => [`${key} fullName mapping.too_long`, `${key} saas.name mapping.too_long`]).sort(),
    );
  });

  test("maps every value of every person exactly as the vendor has it", async () => {
    const people = await rollcall.all<Person>("/people");
    const received = new Map(people.map((person) => [person.integrations[0]?.vendorKey, person]));
    assert.equal(people.length, userCount);
    assert.equal(received.size, userCount);
    for (const user of population) {
      const person = received.get(String(user.id));
      const { username, email, fullName, firstName, lastName, role, locale, timeZone, status, attributes } =
        person ?? assert.fail(`user ${user.id} is missing`);
      const { syncedAt, syncedWith, ...custom } = attributes;
      assert.deepEqual(
        { username, email, fullName, firstName, lastName, role, locale, timeZone, status, custom },
        expectedPerson(user),
        `person of user ${user.id}`,
      );
      assert.equal(syncedAt, first.startedAt);
      assert.equal(syncedWith, integration.name);
    }
  });

  test("maps every value of every SaaS user, its role from the site memberships", async () => {
    const saasUsers = await rollcall.all<SaasUser>(`/saas/${integration.softwareId}/users`);
    const received = new Map(saasUsers.map((user) => [user.externalId, user]));
    assert.equal(received.size, userCount);
    population.forEach((user, index) => {
      const { email, name, role, lastActivity, status, attributes } =
        received.get(String(user.id)) ?? assert.fail(`SaaS user ${user.id} is missing`);
      assert.deepEqual(
        { email, name, role, lastActivity, status, attributes },
        expectedSaasUser(user, index),
        `SaaS user ${user.id}`,
      );
    });
  });

  test("C13 the second run is all unchanged and writes no person, SaaS user, link or change", async () => {
    const versions = await rowVersions(rollcall);
    const second = await rollcall.run(integration.id);
    // The names that do not fit are told again.
    assert.equal(second.status, "completed_with_errors");
    assert.deepEqual(second.coverage, { complete: true, gaps: [] });
    assert.deepEqual(second.counts, { ...nothing, fetched: userCount, unchanged: userCount });
    assert.deepEqual(await rowVersions(rollcall), versions);

    const { body: person } = await rollcall.api<Person>("GET", `/people/${await anyPersonId(rollcall)}`);
    assert.equal(person.attributes.syncedAt, second.startedAt, "the derived time of the last complete run moves on");
  });

  test("C13 the database's own counters tell of one row each after three runs of which the third changed one user", async () => {
    const versions = await rowVersions(rollcall);
    rollcall.sandbox.changeUser(population[0]?.id ?? 0, { set: { locale: "fr-CA" } });
    const third = await rollcall.run(integration.id);
    assert.deepEqual(third.counts, { ...nothing, fetched: userCount, unchanged: userCount - 1, updated: 1 });
    assert.notDeepEqual(await rowVersions(rollcall), versions);
    const expected = { person: userCount + 1, saas_user: userCount, link: userCount + 1, change: userCount + 1 };
    assert.deepEqual(await writtenRows(rollcall, expected), expected);
  });
});

const nothing: Run["counts"] = {
  fetched: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  skippedByPreference: 0,
  skippedByFilter: 0,
  disputed: 0,
  rejected: 0,
  deactivated: 0,
  reactivated: 0,
  withheld: 0,
};

function expectedPerson(user: IroncladUser) {
  const profile = user.profiles?.[0];
  const signIn = { local: "Password", google: "Google", saml: "SAML" }[profile?.provider ?? ""] ?? "None";
  return {
    username: user.email,
    email: user.email,
    fullName: expectedName(user),
    firstName: null,
    lastName: null,
    role: "User",
    locale: user.locale ?? null,
    timeZone: user.time_zone ?? null,
    status: "active",
    custom: withoutNulls({
      provider: profile?.provider.toUpperCase(),
      aliases: profile?.emails.join("; "),
      userNumber: user.id,
      weight: "3.10",
      memberSince: inMilliseconds(profile?.created_time),
      confirmed: user.verified,
      signIn,
      badge: "007",
      host: user.email.slice(user.email.indexOf("@") + 1).toLowerCase(),
      language: user.locale ?? "en",
      verifiedDay: dayOf(user.verified_time),
    }),
  };
}

function expectedSaasUser(user: IroncladUser, index: number) {
  const memberships = membershipsOf({ accounts: 1, sites: 3 }, index);
  const roles = memberships.map(({ role }) => role);
  return {
    email: user.email,
    name: expectedName(user),
    role: ranking.find((role) => roles.some((own) => own === role)) ?? null,
    lastActivity: { known: false, at: null },
    status: "active",
    attributes: withoutNulls({
      siteRoles: memberships.length === 0 ? null : memberships.map(({ site, role }) => `${site}:${role}`).join(", "),
      verified: user.verified,
      verifiedTime: inMilliseconds(user.verified_time),
    }),
  };
}

const ranking = ["owner", "admin", "member"];

/** Nothing and empty text are empty; more than 256 characters do not fit and leave the field as it was, here empty. */
function expectedName({ name }: IroncladUser): string | null {
  return name === undefined || name === null || name === "" || characters(name) > 256 ? null : name;
}

function characters(text: string | null | undefined): number {
  return Array.from(text ?? "").length;
}

function inMilliseconds(time: string | null | undefined): string | null {
  return time === undefined || time === null ? null : new Date(time).toISOString();
}

function dayOf(time: string | null | undefined): string | null {
  const iso = inMilliseconds(time);
  return iso === null ? null : `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)}`;
}

function withoutNulls(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null));
}

type Written = Readonly<Record<"person" | "saas_user" | "link" | "change", number>>;

/** Rows written since the database was made, by the statistics of PostgreSQL itself. */
async function writtenRows({ database }: TestRollcall, expected: Written): Promise<Written> {
  const read = async () => {
    await database.query("select pg_stat_clear_snapshot()");
    return await one<Written>(
      database,
      `select ${Object.keys(expected)
        .map((table) => `max(n) filter (where relname = '${table}') as ${table}`)
        .join(", ")}
       from (select relname, (n_tup_ins + n_tup_upd + n_tup_del)::integer as n from pg_stat_user_tables where schemaname = 'public') s`,
    );
  };
  // A session reports its own a second later and when it is idle, so the answer counts that is the same a while after.
  const lookMilliseconds = 1_200;
  let last = await read();
  for (let look = 0; look < 20; look++) {
    await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
    const now = await read();
    if (isDeepStrictEqual(now, last) && isDeepStrictEqual(now, expected)) return now;
    last = now;
  }
  return last;
}

/** The transactions that wrote the rows there are: a row written again, even with the same values, changes the sum. */
async function rowVersions({ database }: TestRollcall) {
  return await one(
    database,
    `select (select count(*)::text || ' ' || sum(xmin::text::bigint) from person) as person,
            (select count(*)::text || ' ' || sum(xmin::text::bigint) from saas_user) as saas_user,
            (select count(*)::text || ' ' || sum(xmin::text::bigint) from link) as link,
            (select count(*)::text || ' ' || sum(xmin::text::bigint) from change) as change`,
  );
}

async function anyPersonId({ database }: TestRollcall): Promise<string> {
  return (await one<{ id: string }>(database, "select id from person order by id limit 1")).id;
}
