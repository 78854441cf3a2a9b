import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Field } from "@rollcall/core/contract/fields.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { startTestServer } from "@rollcall/server/test/start-test-server.ts";
import { fieldNameOf } from "./field-name.ts";

describe("a field", () => {
  test("is added with a name made from its label, and changed", async () => {
    await using server = await startTestServer();
    const { status, body } = await server.api<Field>("POST", "/fields", {
      label: "Kostenstelle Süd",
      type: "choice",
      choices: ["100", "200"],
    });
    assert.equal(status, 201);
    assert.deepEqual(
      [body.name, body.entity, body.builtIn, body.unique, body.editable, body.choices],
      ["kostenstelleSud", "person", false, false, true, ["100", "200"]],
    );
    const changed = await server.api<Field>("PATCH", `/fields/${body.id}`, { label: "Cost centre", choices: null });
    assert.deepEqual(
      [changed.body.label, changed.body.name, changed.body.choices],
      ["Cost centre", "kostenstelleSud", null],
    );
    const list = await server.api<ListOf<Field>>("GET", "/fields?entity=person");
    assert.deepEqual(list.body.data.at(-1), changed.body);
    assert.equal(list.body.total, list.body.data.length);
    assert.deepEqual((await server.api("GET", `/fields/${body.id}`)).body, changed.body);
  });

  test("may share its name with one of the other entity only", async () => {
    await using server = await startTestServer();
    const field = { label: "Badge", type: "short-text" };
    assert.equal((await server.api("POST", "/fields", field)).status, 201);
    assert.equal((await server.api("POST", "/fields", { ...field, entity: "saas-user" })).status, 201);
    for (const clash of [
      field,
      { ...field, label: "Other", name: "badge" },
      { ...field, label: "E-mail", name: "email" },
    ]) {
      const { status, body } = await server.refused("POST", "/fields", clash);
      assert.deepEqual([status, body.code], [409, "field.name_taken"]);
    }
  });

  test("is refused with a pointer when it makes no sense", async () => {
    await using server = await startTestServer();
    for (const [body, pointer] of [
      [{ label: "部署", type: "short-text" }, "/name"],
      [{ label: "X", name: "status", type: "short-text" }, "/name"],
      [{ label: "X", name: "__proto__", type: "short-text" }, "/name"],
      [{ label: "X", name: "saas.role", type: "short-text" }, "/name"],
      [{ label: "X", type: "text" }, "/type"],
      [{ label: "X", type: "number", choices: ["1"] }, "/choices"],
      [{ label: "X", type: "choice", choices: ["1", "1 "] }, "/choices"],
      [{ label: "X", type: "choice", choices: [] }, "/choices"],
    ] as const) {
      const answer = await server.refused("POST", "/fields", body);
      assert.deepEqual([answer.status, answer.body.errors[0]?.pointer], [400, pointer], JSON.stringify(body));
    }
    assert.equal((await server.refused("PATCH", "/fields/7", {})).body.code, "field.not_found");
  });

  test("that is built in keeps everything but its help text", async () => {
    await using server = await startTestServer();
    const { body } = await server.api<ListOf<Field>>("GET", "/fields?entity=person");
    const email = body.data.find(({ name }) => name === "email");
    const refused = await server.refused("PATCH", `/fields/${email?.id}`, { mandatory: false, help: "Work address" });
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.errors[0]?.pointer],
      [409, "field.built_in", "/mandatory"],
    );
    const helped = await server.api<Field>("PATCH", `/fields/${email?.id}`, { help: "Work address" });
    assert.deepEqual(helped.body, { ...email, help: "Work address" });
  });
});

test("a field's name is camel case of the basic alphabet", () => {
  for (const [label, name] of [
    ["Cost centre", "costCentre"],
    ["HR code", "hrCode"],
    ["eMail 2", "eMail2"],
    ["  Straße (privat) ", "straEPrivat"],
    ["42", null],
    ["—", null],
  ] as const) {
    assert.equal(fieldNameOf(label), name);
  }
});
