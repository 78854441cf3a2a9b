import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SaasUser } from "@rollcall/core/contract/saas.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { checkAccessibility } from "./check-accessibility.ts";
import { openConsole } from "./open-console.ts";

describe("software", () => {
  test("users of an application: unknown activity is said to be unknown, the deactivated ones are found", async () => {
    await using console = await openConsole({ sandbox: { users: 20, population: "plain" } });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal", deactivate: true });
    await rollcall.run(integration.id);
    rollcall.sandbox.removeUsers({ count: 2 });
    await rollcall.run(integration.id);

    await page.goto("/saas");
    await page.getByRole("row", { name: /Ironclad Clickwrap/ }).click();
    await page.getByText("20 users").waitFor();
    assert.equal(
      await page.getByText("not provided by this vendor").count(),
      (await page.getByRole("row").count()) - 1,
    );
    await page.getByRole("combobox", { name: "Status" }).selectOption("Deactivated only");
    await page.getByText("2 users").waitFor();
    assert.equal(await page.getByText("No longer at the vendor").count(), 2);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "saas-users.csv");
    assert.deepEqual(console.complaints, []);
  });

  test("seats, cost, and who could give up a seat", async () => {
    await using console = await openConsole({ sandbox: { users: 10, population: "plain" } });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal" });
    await rollcall.run(integration.id);
    const [user] = await rollcall.all<SaasUser>(`/saas/${integration.softwareId}/users`);
    await must(rollcall.api("PATCH", `/people/${user?.personId}`, { status: "inactive" }));

    await page.goto(`/saas/${integration.softwareId}?tab=statistics`);
    await page.getByText("They are never counted as idle.").waitFor();
    await page.getByRole("link", { name: "enter it under Information" }).click();
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("textbox", { name: "Seats bought" }).fill("12.5");
    await page.getByRole("textbox", { name: "Cost of a seat, a month" }).fill("9.5");
    await page.getByRole("textbox", { name: "Currency" }).fill("eur");
    await page.getByRole("button", { name: "Save" }).click();
    await page
      .getByText(/whole number|integer|int/i)
      .first()
      .waitFor();
    await page.getByRole("textbox", { name: "Seats bought" }).fill("12");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("€9.50").waitFor();
    await page.getByRole("tab", { name: "Statistics" }).click();
    await page.getByRole("row", { name: "Free 2 €19.00" }).waitFor();
    await page.getByRole("tab", { name: "Removal list" }).click();
    await page.getByText("1 user to remove").waitFor();
    await page.getByText("Left the company", { exact: true }).waitFor();
    await page.getByRole("combobox", { name: "Not active for" }).selectOption("Not active for 30 days");
    await page.waitForURL(/idleDays=30/);
    assert.deepEqual(console.complaints, []);
  });

  test("an application is unlinked from the catalog and linked again, from both sides", async () => {
    await using console = await openConsole({ sandbox: { users: 1 } });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal" });
    await page.goto(`/saas/${integration.softwareId}?tab=information`);
    await page.getByRole("button", { name: "Unlink" }).click();
    await page.getByRole("combobox", { name: "Entry" }).selectOption("Ironclad Clickwrap");
    await page.getByRole("button", { name: "Link", exact: true }).click();
    await page.getByRole("button", { name: "Unlink" }).waitFor();

    await page.goto("/catalog");
    await page.getByRole("row", { name: /Ironclad Clickwrap/ }).click();
    const drawer = page.getByRole("dialog", { name: "Entry of the catalog" });
    await drawer.getByRole("button", { name: "Unlink Ironclad Clickwrap" }).click();
    await drawer.getByText("none linked").waitFor();
    await drawer.getByRole("combobox", { name: "Another application" }).selectOption("Ironclad Clickwrap");
    await drawer.getByRole("button", { name: "Link", exact: true }).click();
    await drawer.getByRole("button", { name: "Unlink Ironclad Clickwrap" }).waitFor();
    assert.deepEqual(console.complaints, []);
  });

  test("without applications the list says how one comes to be, and one is added by hand", async () => {
    await using console = await openConsole({ sandbox: { users: 1 } });
    const { page } = console;
    await page.goto("/saas");
    await page.getByRole("heading", { name: "No application yet" }).waitFor();
    await page.getByRole("button", { name: "Add application" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Notes");
    await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Notes" }).waitFor();
    await page.getByRole("tab", { name: "Users" }).click();
    await page.getByRole("heading", { name: "No user yet" }).waitFor();
  });

  test("is readable for everybody, in dark and light, on a phone and on a desk", async () => {
    await using console = await openConsole({ sandbox: { users: 30 } });
    const { page, rollcall } = console;
    const { id, softwareId } = await rollcall.launch({ name: "Legal", deactivate: true });
    await rollcall.run(id);
    rollcall.sandbox.removeUsers({ count: 2 });
    await rollcall.run(id);
    await must(rollcall.api("PATCH", `/saas/${softwareId}`, { seats: 40, seatCost: 10, currency: "EUR" }));
    const tabs = ["users", "statistics", "removal", "information"].map((tab) => `/saas/${softwareId}?tab=${tab}`);
    await checkAccessibility(page, ["/saas", "/saas/nope", "/catalog", ...tabs]);
  });
});
