import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { callApi } from "@rollcall/server/test/call-api.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { local, startRunner } from "../local-runner/start-runner.ts";
import { openConsole } from "./open-console.ts";

const plain = { users: 12, population: "plain" } as const;

describe("runners, tokens and the audit log", () => {
  test("a runner gets its code once, reads a run that was started here, is named with it, and is revoked", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const main = page.getByRole("main");
    const integration = await rollcall.launch({ name: "Legal", ...local });

    await page.goto("/runners");
    await main.getByRole("heading", { name: "No runners yet" }).waitFor();
    await main.getByRole("button", { name: "Add a runner" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Add a runner" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("munich-02");
    await dialog.getByRole("radio", { name: "Only some" }).check();
    await dialog.getByRole("combobox", { name: "Local integrations" }).click();
    await page.getByRole("option", { name: "Legal" }).click();
    await dialog.getByRole("textbox", { name: "Name" }).click();
    await dialog.getByRole("button", { name: "Make the code" }).click();
    const code = page.getByRole("dialog", { name: "The code of munich-02" });
    const command = await code.getByRole("textbox", { name: /^1\./ }).inputValue();
    assert.match(command, new RegExp(`^rollcall runner enroll --url ${rollcall.url} --code \\S{20,}$`));
    await code.getByRole("button", { name: "Done" }).click();
    await main.getByRole("row", { name: /munich-02.*Waiting for its code.*Legal/ }).waitFor();

    // A run waits for a runner, and says who has read it.
    await page.goto(`/integrations/${integration.id}`);
    await main.getByRole("button", { name: "Run now" }).click();
    await main.getByRole("heading", { name: "Waiting for a runner" }).waitFor();
    await using runner = await startRunner(rollcall, { name: "berlin-01", integrationIds: [integration.id] });
    await runner.readAll();
    await main.getByText("Completed", { exact: true }).waitFor();
    await main.getByRole("link", { name: "berlin-01" }).click();
    await main.getByRole("row", { name: /berlin-01.*Connected/ }).waitFor();
    const [run] = (await must(rollcall.api<ListOf<Run>>("GET", "/runs"))).data;
    assert.deepEqual([run?.reader, run?.runner], ["runner", { id: runner.id, name: "berlin-01" }]);

    await main.getByRole("button", { name: "Change berlin-01" }).click();
    const change = page.getByRole("dialog", { name: "Change berlin-01" });
    await change.getByRole("textbox", { name: "Name" }).fill("berlin-02");
    await change.getByRole("button", { name: "Save" }).click();
    await main.getByRole("row", { name: /berlin-02.*Legal/ }).waitFor();
    await main.getByRole("button", { name: "Revoke berlin-02" }).click();
    await page.getByRole("dialog", { name: "Revoke berlin-02?" }).getByRole("button", { name: "Revoke" }).click();
    await main.getByText("1 runner", { exact: true }).waitFor();
    assert.deepEqual(console.complaints, []);
  });

  test("a token is shown once, does what was ticked and no more, and opens nothing once it is revoked", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const main = page.getByRole("main");
    await page.goto("/api-tokens");
    await main.getByRole("button", { name: "Add a token" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Add a token" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Report");
    await dialog.getByRole("radio", { name: "Only what is ticked" }).check();
    await dialog.getByRole("button", { name: "Make the token" }).click();
    await dialog.getByText("Tick at least one.").waitFor();
    await dialog.getByRole("group", { name: "People" }).getByRole("checkbox", { name: "see" }).check();
    await dialog.getByRole("button", { name: "Make the token" }).click();
    const shown = page.getByRole("dialog", { name: "The token Report" });
    const token = await shown.getByRole("textbox", { name: "Token" }).inputValue();
    await shown.getByRole("button", { name: "Done" }).click();
    await main.getByRole("row", { name: /Report.*Ada Administrator.*see People.*Valid.*in [23] months/ }).waitFor();
    const asked = async (path: string) => (await callApi(rollcall.url, token, "GET", path)).status;
    assert.deepEqual([await asked("/people"), await asked("/runs")], [200, 403]);

    await main.getByRole("button", { name: "Revoke Report" }).click();
    await page.getByRole("dialog", { name: "Revoke Report?" }).getByRole("button", { name: "Revoke" }).click();
    await main.getByRole("row", { name: /Report.*Revoked/ }).waitFor();
    assert.equal(await asked("/people"), 401);
    assert.deepEqual(console.complaints, []);
  });

  test("the audit log is searched by who, what and when, and tampering with the history is found", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const main = page.getByRole("main");
    const integration = await rollcall.launch({ name: "Legal" });
    const run = await rollcall.run(integration.id);

    await page.goto("/audit");
    await main.getByRole("row", { name: /Integration launched.*Legal/ }).waitFor();
    await main.getByRole("combobox", { name: "About" }).selectOption("Integration");
    await main.getByRole("row", { name: /Credential added/ }).waitFor({ state: "detached" });
    await main.getByRole("row", { name: /Integration launched.*Legal/ }).waitFor();
    await main.getByRole("combobox", { name: "Who" }).selectOption("Ada Administrator");
    await main.getByRole("heading", { name: "No entries found" }).waitFor();
    await page.goBack();
    await main.getByRole("row", { name: /Integration launched.*Legal/ }).waitFor();
    await main.getByLabel("Until").fill("2020-01-01");
    await main.getByRole("heading", { name: "No entries found" }).waitFor();
    await main.getByRole("button", { name: "Clear search and filters" }).click();
    await main.getByRole("row", { name: /Integration launched/ }).click();
    const detail = page.getByRole("dialog", { name: "Integration launched" });
    await detail.getByText("integration.launch", { exact: true }).waitFor();
    await detail.getByRole("link", { name: "Integration Legal" }).waitFor();
    await page.keyboard.press("Escape");
    await detail.waitFor({ state: "detached" });

    await main.getByRole("button", { name: "Check the history" }).click();
    await main.getByText("The history is as it was written").waitFor();
    await rollcall.database.query("update change set reason = 'nothing' where run_id = $1", [run.id]);
    await main.getByRole("button", { name: "Check the history" }).click();
    await main.getByRole("alert").getByText("The history is not as it was written").waitFor();
    await main.getByRole("link", { name: `Run ${run.id}` }).click();
    await main.getByRole("heading", { level: 1, name: "Run of Legal" }).waitFor();
    assert.deepEqual(console.complaints, []);
  });

  test("a tab that is older than the server loads itself anew, once", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page } = console;
    await page.goto("/");
    await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
    const missing = { status: 404, contentType: "text/plain", body: "gone" };
    await page.route("**/assets/RunnersPage*", (route) => route.fulfill(missing), { times: 1 });
    await page.getByRole("link", { name: "Local runners" }).click();
    await page.getByRole("heading", { level: 1, name: "Local runners" }).waitFor();

    await page.route("**/assets/TokensPage*", (route) => route.fulfill(missing));
    await page.getByRole("link", { name: "API tokens" }).click();
    await page.getByRole("alert").getByRole("button", { name: "Try again" }).waitFor();
  });
});
