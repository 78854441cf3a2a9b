import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type AssignedUser, inChunks, planSaasUsers, type WantedSaasUser } from "./plan-saas-users.ts";
import { elementErrors, firstError, readAssignedUser, readInstanceField } from "./read-answers.ts";

function wanted(userId: string, more: Partial<WantedSaasUser> = {}): WantedSaasUser {
  return {
    id: `our ${userId}`,
    userId,
    externalId: `key ${userId}`,
    role: "Member",
    active: true,
    pushedActive: null,
    stateId: null,
    ...more,
  };
}

function assigned(...users: readonly AssignedUser[]): ReadonlyMap<string, AssignedUser> {
  return new Map(users.map((user) => [user.userId, user]));
}

describe("planSaasUsers", () => {
  test("sends nothing for who is as wanted", () => {
    const there = { userId: "a", stateId: "a", externalId: "key a", roles: ["Member"] };
    const plan = planSaasUsers([wanted("a", { pushedActive: true })], assigned(there));
    assert.deepEqual(plan, { assign: [], externalIds: [], roles: [], activate: [], deactivate: [] });
  });

  test("groups users by their role, so that each role is one call", () => {
    const plan = planSaasUsers(
      [wanted("a"), wanted("b", { role: "Owner" }), wanted("c"), wanted("d", { role: null })],
      assigned(),
    );
    assert.deepEqual(
      plan.roles.map(({ roles, users }) => [roles, users.map(({ userId }) => userId)]),
      [
        [["Member"], ["a", "c"]],
        [["Owner"], ["b"]],
      ],
    );
    assert.equal(plan.assign.length, 4);
  });

  test("deactivates once, who was pushed or is listed, and assigns nobody for it", () => {
    const listed = assigned({ userId: "b", stateId: "b", externalId: null, roles: [] });
    const gone = { active: false };
    const users = [
      wanted("a", { ...gone, pushedActive: true }),
      wanted("b", gone),
      wanted("c", gone),
      wanted("d", { ...gone, pushedActive: false }),
    ];
    const plan = planSaasUsers(users, listed);
    assert.deepEqual(
      plan.deactivate.map(({ userId }) => userId),
      ["a", "b"],
    );
    assert.deepEqual([plan.assign, plan.externalIds, plan.roles], [[], [], []]);
  });

  test("activates who was deactivated, without assigning anew", () => {
    const plan = planSaasUsers([wanted("a", { pushedActive: false })], assigned());
    assert.deepEqual([plan.activate.length, plan.assign.length, plan.roles.length], [1, 0, 1]);
  });
});

test("pieces hold everything in its order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), (items, size) => {
      const chunks = inChunks(items, size);
      assert.deepEqual(chunks.flat(), items);
      assert.ok(chunks.every(({ length }) => length > 0 && length <= size));
    }),
  );
});

test("errors of elements are read in every form that was seen", () => {
  const body = [
    { saas_user_id: "a", error: null },
    { saas_user_id: 2, error: "locked" },
    { user_id: "c", errors: ["gone"] },
    { error: "whose?" },
    7,
  ];
  assert.deepEqual(
    [...elementErrors(body)],
    [
      ["2", "locked"],
      ["c", "gone"],
    ],
  );
  assert.deepEqual([...elementErrors({ error: "x" })], []);
  assert.equal(firstError({ errors: [] }), null);
  assert.equal(firstError({ errors: [{ code: 4 }] }), '{"code":4}');
});

test("roles of an assigned user may be one object, as the specification shows, or a list", () => {
  const role = { role_external_label: "Admin" };
  assert.deepEqual(readAssignedUser({ user_id: 5, roles: role })?.roles, ["Admin"]);
  assert.deepEqual(readAssignedUser({ user_id: "5", saas_user_id: "9", roles: [role] }), {
    userId: "5",
    stateId: "9",
    externalId: null,
    roles: ["Admin"],
  });
  assert.equal(readAssignedUser({ roles: [] }), undefined);
});

test("metadata says its booleans as texts", () => {
  const meta = {
    uid: "department",
    label: null,
    data_type: "str",
    length: null,
    editable: "0",
    optional: "0",
    unique: "1",
  };
  assert.deepEqual(readInstanceField({ ...meta, searchhelp: [{ id: "L", value: "Legal" }] }), {
    externalId: "department",
    label: "department",
    type: "str",
    length: null,
    editable: false,
    mandatory: true,
    unique: true,
    choices: ["Legal"],
  });
  assert.equal(readInstanceField({ label: "Nameless" }), undefined);
});
