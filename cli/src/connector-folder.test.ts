import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ProductError } from "@rollcall/core/errors.ts";
import { parseManifestText, readConnectorFolder } from "./connector-folder.ts";

const invalid = (error: unknown) => error instanceof ProductError && error.code === "connector.invalid";

describe("a connector's folder", () => {
  test("is read as data, its recordings in the order of their names", async () => {
    await withFolder(async (folder) => {
      await writeFile(join(folder, "connector.yaml"), "id: acme\n");
      await writeFile(join(folder, "README.md"), "# Acme\n");
      await mkdir(join(folder, "recordings", "one"), { recursive: true });
      await mkdir(join(folder, "expected"));
      for (const [file, text] of [
        ["inputs.json", "{}"],
        ["2.json", "2"],
        ["1.json", "1"],
        ["notes.txt", "x"],
      ] as const) {
        await writeFile(join(folder, "recordings", "one", file), text);
      }
      await writeFile(join(folder, "expected", "one.json"), "[]");
      const { id, ...rest } = await readConnectorFolder(folder);
      assert.ok(folder.endsWith(id));
      assert.deepEqual(rest, {
        manifest: { id: "acme" },
        readme: "# Acme\n",
        scenarios: [
          {
            name: "one",
            inputs: {},
            recordings: [
              { file: "1.json", content: 1 },
              { file: "2.json", content: 2 },
            ],
            expected: [],
          },
        ],
      });
    });
  });

  test("without a manifest is refused; without anything else it is read with what is missing as null", async () => {
    await withFolder(async (folder) => {
      await assert.rejects(readConnectorFolder(folder), invalid);
      await writeFile(join(folder, "connector.yaml"), "{}");
      const { manifest, readme, scenarios } = await readConnectorFolder(folder);
      assert.deepEqual({ manifest, readme, scenarios }, { manifest: {}, readme: null, scenarios: [] });
    });
  });
});

describe("connector.yaml", () => {
  test("is refused with anchors that are used, the same name twice, or broken YAML", () => {
    for (const text of ["a: &x 1\nb: *x\n", "a: 1\na: 2\n", "a: [1\n"]) {
      assert.throws(() => parseManifestText("acme", text), invalid, text);
    }
  });
});

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-connector-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
