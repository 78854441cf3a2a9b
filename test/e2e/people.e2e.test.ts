import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import type { Person } from "@rollcall/core/contract/people.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { checkAccessibility } from "./check-accessibility.ts";
import { openConsole } from "./open-console.ts";

describe("people", () => {
  test("are searched, filtered, shown with their own fields, kept as a view, and exported", async () => {
    await using console = await openConsole({ sandbox: { users: 120, population: "plain" } });
    const { page, rollcall } = console;
    await must(rollcall.api("POST", "/fields", { label: "Cost centre", type: "short-text" }));
    const integration = await rollcall.launch({ name: "Legal" });
    await rollcall.run(integration.id);
    const [person] = await rollcall.all<Person>("/people");
    assert.ok(person);
    await must(
      rollcall.api("PATCH", `/people/${person.id}`, { status: "inactive", attributes: { costCentre: "007" } }),
    );

    await page.goto("/people");
    await page.getByText("120 people").waitFor();
    await page.getByRole("combobox", { name: "Status" }).selectOption("Inactive");
    await page.getByText("1 person").waitFor();
    assert.match(page.url(), /status=inactive/);
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Cost centre" }).check();
    await page.keyboard.press("Escape");
    await page.getByRole("cell", { name: "007" }).waitFor();

    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("textbox", { name: "Save as" }).fill("Leavers");
    await page.keyboard.press("Enter");
    await page.goBack();
    await page.getByText("120 people").waitFor();
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("button", { name: "Leavers", exact: true }).click();
    await page.getByText("1 person").waitFor();

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV" }).click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    assert.equal(lines.length, 2);
    assert.ok(lines[1]?.includes(person.email));
    await page.getByRole("searchbox").fill("nobody has this name");
    await page.getByRole("heading", { name: "No people found" }).waitFor();
    assert.deepEqual(console.complaints, []);
  });

  test("a long list stays short in the page, and its end is reached", async () => {
    await using console = await openConsole({ sandbox: { users: 1500, population: "plain" } });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal" });
    await rollcall.run(integration.id);
    await page.goto("/people");
    await page.getByText("1,500 people").waitFor();
    await page.getByRole("row").nth(1).focus();
    for (let last = ""; last !== "1501"; ) {
      await page.keyboard.press("End");
      last = (await page.getByRole("row").and(page.locator(":focus")).getAttribute("aria-rowindex")) ?? "";
      assert.ok((await page.getByRole("row").count()) < 100);
    }
    assert.deepEqual(console.complaints, []);
  });

  test("a person is edited by hand, protected and archived; history and why tell so", async () => {
    await using console = await openConsole({ sandbox: { users: 5, population: "plain" } });
    const { page, rollcall } = console;
    await must(rollcall.api("POST", "/fields", { label: "Contractor", type: "yes-no" }));
    await must(rollcall.api("POST", "/fields", { label: "Badge number", type: "number" }));
    const integration = await rollcall.launch({ name: "Legal" });
    await rollcall.run(integration.id);
    const [person] = await rollcall.all<Person>("/people");
    await page.goto(`/people/${person?.id}`);

    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("textbox", { name: "Full name" }).fill("Grace Hopper");
    await page.getByRole("textbox", { name: "Badge number" }).fill("many");
    await page.getByRole("combobox", { name: "Contractor" }).selectOption("Yes");
    await page.getByRole("button", { name: "Save" }).click();
    const badge = page.getByRole("textbox", { name: "Badge number" });
    await page.getByText(/must be .*number/).waitFor();
    await badge.fill("7");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "Grace Hopper" }).waitFor();

    await page.getByRole("switch", { name: "Protected" }).click();
    await page.getByRole("banner").or(page.getByRole("main")).getByText("Protected", { exact: true }).first().waitFor();
    await page.getByRole("tab", { name: "Why" }).click();
    await page.getByRole("row", { name: /Full name.*Grace Hopper.*edited by hand.*Ada Administrator/ }).waitFor();
    await page.getByRole("row", { name: /Email.*Legal/ }).waitFor();
    await page.getByRole("tab", { name: "History" }).click();
    await page.getByText("Grace Hopper").nth(1).waitFor();
    await page.getByRole("tab", { name: "Applications (1)" }).click();
    await page.getByRole("link", { name: "Role, activity and status" }).click();
    await page.getByText("1 user").waitFor();

    await page.goBack();
    await page.getByRole("button", { name: "Archive…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
    await page.getByText("Archived", { exact: true }).waitFor();
    await page.goto("/people");
    await page.getByText("4 people").waitFor();
    await page.goto("/people?archived=true");
    await page.getByText("1 person").waitFor();
  });

  test("several people are protected at once, and one is added by hand", async () => {
    await using console = await openConsole({ sandbox: { users: 5, population: "plain" } });
    const { page, rollcall } = console;
    await page.goto("/people");
    await page.getByRole("heading", { name: "Nobody is here yet" }).waitFor();
    await page.getByRole("button", { name: "Add person" }).click();
    await page.getByRole("textbox", { name: "Email" }).fill("ada@example.com");
    await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "ada@example.com" }).waitFor();

    const integration = await rollcall.launch({ name: "Legal" });
    await rollcall.run(integration.id);
    await page.goto("/people");
    await page.getByText("6 people").waitFor();
    await page.getByRole("checkbox", { name: "Tick all loaded rows" }).check();
    await page.getByRole("button", { name: "Protect…" }).click();
    await page.getByRole("dialog", { name: "Protect 6 people?" }).getByRole("button", { name: "Protect" }).click();
    await page.getByText("Protect: 6 done").waitFor();
    const people = await rollcall.all<Person>("/people");
    assert.ok(people.every((person) => person.protected));
  });

  test("are readable for everybody, in dark and light, on a phone and on a desk", async () => {
    await using console = await openConsole({ sandbox: { users: 30 } });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal" });
    await rollcall.run(integration.id);
    const [person] = await rollcall.all<Person>("/people");
    const tabs = ["information", "applications", "history", "why"].map((tab) => `/people/${person?.id}?tab=${tab}`);
    await checkAccessibility(page, ["/people", "/people?q=nobody", "/people/0", ...tabs]);
  });
});
