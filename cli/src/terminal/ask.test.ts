import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";
import { ProductError } from "@rollcall/core/errors.ts";
import { ask } from "./ask.ts";

describe("asking at the terminal", () => {
  const desk = () => {
    const input = new PassThrough();
    const errorOutput = new PassThrough();
    let shown = "";
    errorOutput.on("data", (chunk) => {
      shown += String(chunk);
    });
    return { input, errorOutput, shown: () => shown };
  };

  test("a secret is not echoed", async () => {
    const { input, errorOutput, shown } = desk();
    const answer = ask({ input, errorOutput }, "API token: ", { secret: true });
    input.write("s3cret-4f2a\r");
    assert.equal(await answer, "s3cret-4f2a");
    assert.equal(shown(), "API token: \n");
  });

  test("anything else is", async () => {
    const { input, errorOutput, shown } = desk();
    const answer = ask({ input, errorOutput }, "Client ID: ");
    input.write("id-1\r");
    assert.equal(await answer, "id-1");
    assert.match(shown(), /Client ID: [\s\S]*id-1/);
  });

  test("Ctrl-C and the end of the input cancel", async () => {
    for (const leave of [(input: PassThrough) => input.write("abc\u0003"), (input: PassThrough) => input.end()]) {
      const { input, errorOutput, shown } = desk();
      const answer = ask({ input, errorOutput }, "API token: ", { secret: true });
      leave(input);
      await assert.rejects(answer, (error) => error instanceof ProductError && error.code === "cli.cancelled");
      assert.ok(!shown().includes("abc"));
    }
  });
});
