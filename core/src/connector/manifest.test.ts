import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manifestJsonSchema } from "./manifest.ts";
import { manifestAntiExamples, manifestExamples } from "./manifest-examples.ts";
import { parseManifest } from "./parse-manifest.ts";

describe("a manifest", () => {
  for (const { shows, manifest } of manifestExamples) {
    test(`is accepted: ${shows}`, () => {
      const parsed = parseManifest(manifest);
      assert.deepEqual(parsed.kind === "ok" ? [] : parsed.problems, []);
    });
  }

  for (const { reason, at, manifest } of manifestAntiExamples) {
    test(`is refused: ${reason}`, () => {
      const parsed = parseManifest(manifest);
      const problems = parsed.kind === "invalid" ? parsed.problems : [];
      assert.ok(
        problems.some((problem) => problem.pointer === at),
        `a problem at ${at}, found ${JSON.stringify(problems)}`,
      );
    });
  }

  test("that is no object at all is refused", () => {
    for (const data of [null, undefined, "id: acme", 7, []]) assert.equal(parseManifest(data).kind, "invalid");
  });
});

describe("the JSON Schema for editors", () => {
  test("describes every field", () => {
    const bare = undescribed(manifestJsonSchema(), "");
    // The mapping's functions explain themselves in the mapping's own schema.
    assert.deepEqual(
      bare.filter((path) => !path.startsWith("/defaultMapping/items/functions")),
      [],
    );
  });

  test("allows no field outside the vocabulary", () => {
    assert.equal(manifestJsonSchema().additionalProperties, false);
  });
});

/** Properties without a description, by path; `kind` constants of a union say what they are by their value. */
function undescribed(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap((part, index) => undescribed(part, `${path}/${index}`));
  return Object.entries(schema).flatMap(([name, part]) => {
    if (name !== "properties") return undescribed(part, `${path}/${name}`);
    return Object.entries(part as Record<string, Record<string, unknown>>).flatMap(([property, definition]) => {
      const here = `${path}/${property}`;
      const described = "description" in definition || "const" in definition || "$ref" in definition;
      return [...(described ? [] : [here]), ...undescribed(definition, here)];
    });
  });
}
