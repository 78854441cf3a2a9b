import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Destination } from "@rollcall/core/contract/destinations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { startOomnitzaSandbox } from "@rollcall/sandbox/start-oomnitza-sandbox.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { openConsole } from "./open-console.ts";

describe("destinations", () => {
  test("one is made, tested, filled, shows what the instance refused, and is changed and deleted", async () => {
    await using console = await openConsole({ sandbox: { users: 6, population: "plain" } });
    await using oomnitza = await startOomnitzaSandbox();
    const { page, rollcall } = console;
    const main = page.getByRole("main");
    const integration = await rollcall.launch({ name: "Legal" });
    const values = { name: "Authorization2", key: oomnitza.token };
    await must(rollcall.api("POST", "/credentials", { name: "Oomnitza token", kind: "api-key", values }));

    // Made.
    await page.goto("/destinations");
    await main.getByRole("heading", { name: "No destinations yet" }).waitFor();
    await main.getByRole("button", { name: "Add a destination" }).first().click();
    await main.getByRole("heading", { level: 1, name: "New destination" }).waitFor();
    await main.getByRole("textbox", { name: "Address of the instance" }).fill(`${oomnitza.url}/api`);
    await main.getByRole("combobox", { name: "Credential" }).click();
    await page.getByRole("option", { name: "Oomnitza token" }).click();
    await main.getByRole("button", { name: "Add an integration" }).click();
    await main.getByRole("combobox", { name: "Integration 1", exact: true }).click();
    await page.getByRole("option", { name: "Legal" }).click();
    await main.getByRole("textbox", { name: "Value, constant 1" }).fill("25");
    await main.getByRole("button", { name: "Save" }).click();
    await main.getByText(/must be the address of the instance alone/).waitFor();
    await main.getByRole("textbox", { name: "Address of the instance" }).fill(oomnitza.url);
    await main.getByRole("button", { name: "Save" }).click();
    await main.getByRole("heading", { level: 1, name: "Oomnitza" }).waitFor();
    assert.equal(await page.title(), "Oomnitza · Rollcall");

    // Tested.
    await main.getByRole("button", { name: "Test", exact: true }).click();
    await main.getByText("The connection test passed").waitFor();

    // Filled by a run; one person is refused.
    oomnitza.addFaults([{ call: "create-user", count: 1, fault: { kind: "status", status: 400 } }]);
    await rollcall.run(integration.id);
    await main.getByText("Some failed", { exact: true }).waitFor();
    await main.getByRole("combobox", { name: "State" }).selectOption("Failed");
    await main.getByText("1 delivery", { exact: true }).waitFor();
    await page.reload();
    await main.getByText("1 delivery", { exact: true }).waitFor();
    await main.getByRole("row").nth(1).click();
    const detail = page.getByRole("dialog", { name: /^Delivery for/ });
    await detail.getByText("destination.refused").waitFor();
    await page.keyboard.press("Escape");
    await detail.waitFor({ state: "detached" });
    await main.getByRole("button", { name: "Retry failed" }).click();
    await main.getByText("In step", { exact: true }).waitFor();
    assert.equal(oomnitza.people().length, 6);

    // Everything again.
    await main.getByRole("button", { name: "Re-synchronise…" }).click();
    const again = page.getByRole("dialog", { name: "Re-synchronise everybody?" });
    await again.getByRole("button", { name: "Re-synchronise" }).click();
    await page.getByText("6 records wait to be sent").waitFor();

    // Changed: another field, read from the instance, and the bulk way.
    await main.getByRole("button", { name: "Edit: Settings" }).click();
    await main.getByRole("button", { name: "Read the instance's fields" }).click();
    await main.getByText(/^The instance has \d+ fields/).waitFor();
    await main.getByRole("button", { name: "Add a field" }).click();
    await main.getByRole("combobox", { name: "Field of People, field 5" }).click();
    await page.getByRole("option", { name: "Locale" }).click();
    await main.getByRole("combobox", { name: "Name in the instance, field 5" }).fill("locale");
    await page.keyboard.press("Escape");
    await main.getByRole("radio", { name: /^In bulk/ }).check();
    await main.getByRole("textbox", { name: "In whose name it is uploaded" }).fill("7");
    await main.getByRole("switch", { name: /^On/ }).press("Space");
    await main.getByRole("button", { name: "Save" }).click();
    await main.getByRole("button", { name: "Edit: Settings" }).waitFor();
    await main.getByText("Off", { exact: true }).waitFor();
    const [saved] = (await must(rollcall.api<ListOf<Destination>>("GET", "/destinations"))).data;
    assert.deepEqual(
      [saved?.fields.length, saved?.mode, saved?.bulkConnector, saved?.enabled, saved?.constants],
      [5, "bulk", "7", false, { role: 25 }],
    );

    // Deleted.
    await main.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Delete …" }).click();
    await page.getByRole("dialog", { name: "Delete Oomnitza?" }).getByRole("button", { name: "Delete" }).click();
    await main.getByRole("heading", { name: "No destinations yet" }).waitFor();
    assert.deepEqual(console.complaints, []);
  });
});
