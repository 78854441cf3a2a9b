import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { ProductError } from "@rollcall/core/errors.ts";
import { ApiRefusal } from "../api/api-refusal.ts";
import { createRunnerApi } from "./runner-api.ts";

const patience = 300;
const taken = { accepted: 1, cancel: false, unavailable: null };

describe("a call of a runner that must not get lost", () => {
  for (const [what, status, body] of [
    ["a refusal that does not pass", 502, problem(502, "database.disk_full")],
    ["what no Rollcall server answers", 413, "<html>Too large</html>"],
  ] as const) {
    test(`is given up when its answer stays ${what}`, async () => {
      await using server = await answering(() => ({ status, body }));
      const error = await upload(server.url).catch((cause: unknown) => cause);
      assert.ok(error instanceof ApiRefusal || error instanceof ProductError);
      const code = error instanceof ApiRefusal ? error.problem.code : error.code;
      assert.equal(code, status === 502 ? "database.disk_full" : "cli.unexpected_answer");
      assert.ok(server.asked() > 1);
    });
  }

  for (const [what, status, code] of [
    ["away", 503, "database.unreachable"],
    ["busy", 429, "runner.busy"],
  ] as const) {
    test(`is repeated for as long as the server is ${what}`, async () => {
      const until = performance.now() + 3 * patience;
      await using server = await answering(() =>
        performance.now() < until
          ? { status, body: problem(status, code) }
          : { status: 200, body: JSON.stringify(taken) },
      );
      assert.deepEqual(await upload(server.url), taken);
    });
  }
});

test("trouble after a long absence of the server is given time of its own", async () => {
  const back = performance.now() + 2 * patience;
  let troubles = 0;
  await using server = await answering(() => {
    if (performance.now() < back) return { status: 503, body: problem(503, "database.unreachable") };
    troubles += 1;
    return troubles === 1
      ? { status: 502, body: "<html>Bad gateway</html>" }
      : { status: 200, body: JSON.stringify(taken) };
  });
  assert.deepEqual(await upload(server.url), taken);
});

async function upload(url: string) {
  const api = createRunnerApi({ url, token: "rr_token" }, () => undefined, { patience });
  return await api.upload({ runId: "r", lease: "l" }, 1, ["{}"], new AbortController().signal);
}

function problem(status: number, code: string): string {
  const text = { type: "about:blank", title: "Refused", detail: "Refused.", nextStep: "Wait.", requestId: "1" };
  return JSON.stringify({ ...text, status, code, errors: [] });
}

async function answering(answer: () => { readonly status: number; readonly body: string }) {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    const { status, body } = answer();
    request.resume();
    request.once("end", () => {
      response.writeHead(status, { "content-type": body.startsWith("{") ? "application/json" : "text/html" }).end(body);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
