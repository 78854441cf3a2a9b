import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parsePath, parsePointer, readPath } from "./path.ts";

const propertyRuns = { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 200) };

const record = JSON.parse(`{
  "status": "on", "profile": {"field_1": 1, "field 2": "two", "a.b": "dotted", "quo\\"te": "q", "x-y": "hyphen"},
  "profiles": [{"provider": "saml"}, {"provider": "google"}], "map": {"0": "zero"}, "empty": null,
  "a/b": "slash", "m~n": "tilde", "": "blank", "größe": "umlaut", "__proto__": {"own": true}
}`);

function read(text: string): unknown {
  const parsed = parsePath(text);
  assert.equal(parsed.kind, "ok", parsed.kind === "invalid" ? parsed.message : text);
  return parsed.kind === "ok" ? readPath(parsed.path, record) : undefined;
}

describe("parsePath", () => {
  const readable: readonly (readonly [string, unknown])[] = [
    ["status", "on"],
    ["  status ", "on"],
    ["{{status}}", "on"],
    ["{{ profile.field_1 }}", 1],
    ['{{profile["field 2"]}}', "two"],
    ["profile['field 2']", "two"],
    ['profile["a.b"]', "dotted"],
    ['profile["quo\\"te"]', "q"],
    ["profile.x-y", "hyphen"],
    ["profiles[0].provider", "saml"],
    ["profiles[ 1 ].provider", "google"],
    ["profiles.1.provider", "google"],
    ["map[0]", "zero"],
    ['["größe"]', "umlaut"],
    ["größe", "umlaut"],
    ["/profiles/0/provider", "saml"],
    ["/a~1b", "slash"],
    ["/m~0n", "tilde"],
    ["/", "blank"],
    ["empty", null],
    ['{{"text"}}', "text"],
    ["{{ 'it\"s' }}", 'it"s'],
    ['{{"a}}b"}}', "a}}b"],
    ['{{"say \\"hi\\" in C:\\new"}}', 'say "hi" in C:\\new'],
    ['{{""}}', ""],
    ["__proto__.own", true],
    // Nothing there.
    ["profiles[2].provider", undefined],
    ["profiles.provider", undefined],
    ["profiles.length", undefined],
    ["status.length", undefined],
    ["status[0]", undefined],
    ["empty.name", undefined],
    ["constructor", undefined],
    ["profile.constructor.name", undefined],
    ["profile.__proto__", undefined],
    ["toString", undefined],
  ];
  for (const [text, expected] of readable) {
    test(`reads ${text}`, () => assert.deepEqual(read(text), expected));
  }

  const refused: readonly (readonly [string, RegExp, number])[] = [
    ["", /empty/, 0],
    ["   ", /empty/, 0],
    ["{{}}", /nothing between/, 2],
    ["{{status", /closing }} is missing/, 8],
    ["status}}", /character }/, 6],
    ['{{"text}}', /closing quotation mark/, 7],
    ['{{"text" | upper}}', /chosen in the mapping rule/, 8],
    ['{{"a" "b"}}', /nothing may follow/, 5],
    ['"text"', /double braces/, 0],
    ["a..b", /name is missing/, 2],
    ["a.", /name is missing/, 2],
    [".a", /name is missing/, 0],
    ["first name", /A space cannot stand here/, 5],
    ["lower(email)", /chosen in the mapping rule/, 5],
    ["a[*]", /place in a list/, 2],
    ["a[-1]", /place in a list/, 2],
    ["a[01]", /place in a list/, 2],
    ["a[0", /closing ] is missing/, 3],
    ["a[0]b", /cannot stand here/, 4],
    ['a["b', /quotation mark in the brackets/, 4],
    ["/a~2b", /written ~0/, 2],
    [Array.from({ length: 33 }, () => "a").join("."), /more than 32 steps/, 0],
  ];
  for (const [text, message, at] of refused) {
    test(`refuses ${text.slice(0, 20) || "nothing"} and says why`, () => {
      const parsed = parsePath(text);
      assert.equal(parsed.kind, "invalid");
      if (parsed.kind !== "invalid") return;
      assert.match(parsed.message, message);
      assert.equal(parsed.at, at);
    });
  }

  test("never throws and never reaches a prototype, whatever the text and the record", () => {
    const names = fc.constantFrom("__proto__", "constructor", "prototype", "length", "toString", "0", "a", "at");
    const path = fc.oneof(
      fc.array(names, { minLength: 1, maxLength: 4 }).map((steps) => steps.join(".")),
      fc.array(names, { minLength: 1, maxLength: 4 }).map((steps) => `/${steps.join("/")}`),
      fc.string({ unit: fc.constantFrom(..."a.[]{}\"'\\/~0 |") }),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(path, fc.jsonValue(), (text, value) => {
        const parsed = parsePath(text);
        if (parsed.kind === "invalid") {
          assert.ok(parsed.message.length > 10 && parsed.at >= 0 && parsed.at <= text.length);
          return;
        }
        const found = readPath(parsed.path, value);
        assert.ok(found === undefined || JSON.stringify(found) !== undefined, "only JSON comes out of JSON");
        assert.ok(found !== Object.prototype && found !== Array.prototype);
      }),
      propertyRuns,
    );
  });

  test("reads back every pointer and every bracketed path that leads somewhere", () => {
    const steps = fc.array(fc.string({ unit: "grapheme", maxLength: 6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(steps, fc.jsonValue(), (names, value) => {
        const nested = names.reduceRight<unknown>((inner, name) => Object.fromEntries([[name, inner]]), value);
        const pointer = names.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
        const brackets = names.map((name) => `["${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"]`).join("");
        for (const parsed of [parsePointer(pointer), parsePath(brackets), parsePath(`{{${brackets}}}`)]) {
          assert.equal(parsed.kind, "ok");
          if (parsed.kind === "ok") assert.deepEqual(readPath(parsed.path, nested), value);
        }
      }),
      propertyRuns,
    );
  });
});
