import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { oddNames } from "./odd-names.ts";
import { firstUserId, plainUserText, userAt } from "./user-at.ts";

const odd = Array.from({ length: 2000 }, (_, index) => userAt("odd", 1, index));

describe("userAt", () => {
  test("is a pure function of population, seed and index", () => {
    assert.deepEqual(userAt("odd", 3, 999_999), userAt("odd", 3, 999_999));
    assert.notDeepEqual(userAt("plain", 3, 5), userAt("plain", 4, 5));
    assert.equal(userAt("plain", 3, 5).id, firstUserId + 5);
  });

  test("gives every user an e-mail of its own, also without regard to case", () => {
    for (const users of [odd, Array.from({ length: 2000 }, (_, index) => userAt("plain", 1, index))]) {
      assert.equal(new Set(users.map(({ email }) => email.toLowerCase())).size, users.length);
    }
  });

  test("shows every odd name among the first few hundred", () => {
    const names = new Set(odd.slice(0, 250).map(({ name }) => name));
    assert.deepEqual(
      oddNames.filter((name) => !names.has(name)),
      [],
    );
  });

  test("seeds nulls, missing keys, pending users, both time forms and several providers", () => {
    for (const key of ["name", "locale", "time_zone", "profiles", "verified_time"] as const) {
      assert.ok(
        odd.some((user) => user[key] === null),
        `${key} null`,
      );
      assert.ok(
        odd.some((user) => !(key in user)),
        `${key} absent`,
      );
    }
    const pending = odd.filter(({ verified }) => verified === false);
    assert.ok(pending.length > 0 && pending.every((user) => (user.verified_time ?? null) === null));
    assert.ok(odd.some(({ time_zone }) => time_zone === "EDT"));
    assert.ok(odd.some(({ time_zone }) => time_zone === "America/New_York"));
    assert.ok(odd.some(({ verified_time }) => verified_time?.endsWith("+00:00")));
    assert.ok(odd.some(({ verified_time }) => verified_time?.endsWith("Z")));
    assert.ok(odd.some(({ profiles }) => new Set(profiles?.map(({ provider }) => provider)).size === 3));
  });

  test("keeps to one time-zone form when asked", () => {
    const zones = (form: "iana" | "abbreviation") =>
      Array.from({ length: 200 }, (_, index) => userAt("plain", 1, index, form).time_zone ?? "");
    assert.ok(zones("iana").every((zone) => zone.includes("/")));
    assert.ok(zones("abbreviation").every((zone) => /^[A-Z]{3}$/.test(zone)));
  });
});

test("plainUserText is the JSON of the plain user", () => {
  for (let index = 0; index < 1000; index++) {
    assert.equal(plainUserText(9, index, "both"), JSON.stringify(userAt("plain", 9, index)));
  }
});
