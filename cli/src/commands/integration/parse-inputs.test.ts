import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Connector } from "@rollcall/core/contract/connectors.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { parseInputs } from "./parse-inputs.ts";

const common = { label: "x", help: "x" };
const inputs: Connector["inputs"] = [
  { name: "baseUrl", input: { kind: "url", ...common, optional: false } },
  { name: "perPage", input: { kind: "integer", ...common, optional: true, min: 1, max: 500 } },
  { name: "accountId", input: { kind: "text", ...common, optional: true, secret: false } },
  { name: "pin", input: { kind: "text", ...common, optional: true, secret: true } },
  { name: "sites", input: { kind: "list", ...common, items: "integer", all: true, default: "all" } },
  { name: "roles", input: { kind: "yes-no", ...common, default: true } },
];
const connector = { id: "acme", inputs } as Connector;
const refused = (error: unknown) => error instanceof ProductError && error.code === "cli.wrong_use";

describe("inputs as they are typed", () => {
  test("take the type of the connector's input", () => {
    const pairs = ["baseUrl=https://a.example/?x=1", "perPage=50", "accountId=007", "sites=1, 2", "roles=No"];
    assert.deepEqual(parseInputs(connector, pairs), {
      baseUrl: "https://a.example/?x=1",
      perPage: 50,
      accountId: "007",
      sites: [1, 2],
      roles: false,
    });
    assert.deepEqual(parseInputs(connector, ["sites=all", "perPage=", "roles=perhaps"]), {
      sites: "all",
      perPage: null,
      roles: "perhaps",
    });
  });

  test("are refused when unknown, secret, twice or without a name, and never repeated", () => {
    for (const pairs of [["baseURL=x"], ["pin=4711"], ["perPage=1", "perPage=2"], ["4711"], ["=4711"]]) {
      assert.throws(
        () => parseInputs(connector, pairs),
        (error) => refused(error) && !String(error).includes("4711"),
      );
    }
  });
});
