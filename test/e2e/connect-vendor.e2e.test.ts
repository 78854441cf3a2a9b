import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Person } from "@rollcall/core/contract/people.ts";
import type { Locator, Page } from "playwright-core";
import { pressEnterOn, tabTo } from "./keyboard.ts";
import { firstStartLink, type OpenConsole, openConsole } from "./open-console.ts";

const plain = { users: 40, population: "plain" } as const;

describe("connecting a vendor", () => {
  test("the whole way by mouse, from the link in the terminal to people", async () => {
    await using console = await openConsole({ sandbox: plain, signedIn: false });
    const { page, rollcall } = console;

    await page.goto(await firstStartLink(rollcall));
    await page.getByLabel("Your name").fill("Ada Lovelace");
    await page.getByLabel("E-mail").fill("ada@example.com");
    await page.getByRole("textbox", { name: "Password" }).fill("four unrelated words");
    await page.getByRole("button", { name: "Create the administrator" }).click();

    await page.getByRole("heading", { level: 1, name: "Welcome, Ada Lovelace" }).waitFor();
    assert.doesNotMatch(page.url(), /#/);
    await page.getByRole("button", { name: "Connect Ironclad Clickwrap" }).click();
    await page.getByLabel("Client ID").fill(rollcall.sandbox.clientId);
    await page.getByLabel("Client secret").fill(rollcall.sandbox.clientSecret);
    await page.getByRole("button", { name: "Save" }).click();

    await page.getByRole("heading", { level: 1, name: "Ironclad Clickwrap" }).waitFor();
    await page.getByText("was created from the software catalog and linked").waitFor();
    await page.getByRole("button", { name: "Edit: Integration details" }).click();
    await page.getByLabel("Name").fill("Clickwrap Legal");
    await page.getByLabel("API address").fill(rollcall.sandbox.url);
    await page.getByRole("switch", { name: /^Deactivate/ }).click();
    await page.getByRole("combobox", { name: "Integration contacts" }).click();
    await page.getByRole("option", { name: "Ada Lovelace" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "Clickwrap Legal" }).waitFor();
    await page.getByText("On: who is gone at the vendor is deactivated").waitFor();

    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByText("The connection test passed").waitFor();

    await page.getByRole("button", { name: "Edit: Schedule" }).click();
    await page.getByText("Weekly", { exact: true }).click();
    await page.getByText("Friday", { exact: true }).click();
    await page.getByRole("combobox", { name: "Time zone" }).fill("Europe/Berlin");
    await page.getByRole("list", { name: "The next runs" }).getByRole("listitem").nth(2).waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Every Monday, Friday at 02:00 (Europe/Berlin)").waitFor();

    await page.getByRole("button", { name: "Edit: Mappings" }).click();
    await mapByMouse(page);
    await page.getByRole("button", { name: "Save mapping" }).click();
    await page.getByText("The next run uses the new mapping.").waitFor();

    await page.getByRole("link", { name: "Clickwrap Legal" }).click();
    await page.getByRole("button", { name: "Launch" }).click();
    await page.getByText("Clickwrap Legal is launched").waitFor();
    await page.getByRole("button", { name: "Run now" }).click();
    await page.getByRole("main").getByText("Completed", { exact: true }).waitFor();

    const [person] = (await all<Person>(console, "/people?limit=1")).data;
    assert.equal(person?.attributes.vendorUserId, person?.integrations[0]?.vendorKey);
    assert.equal(person?.attributes.syncedAt === undefined, false);
    const [integration] = (await all<Integration>(console, "/integrations")).data;
    assert.deepEqual(integration?.filter, {
      mode: "if",
      rules: {
        all: [
          { field: "email", operator: "contains", value: "@" },
          { any: [{ field: "verified", operator: "not-empty" }] },
        ],
      },
      restoreArchived: false,
    });
    assert.deepEqual(console.complaints, []);
  });

  test("the same way with the keyboard alone", async () => {
    await using console = await openConsole({ sandbox: plain, signedIn: false });
    const { page, rollcall } = console;
    const type = async (target: Locator, text: string) => {
      await tabTo(page, target);
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(text);
    };
    const press = (name: string) => pressEnterOn(page, page.getByRole("button", { name, exact: true }));

    await page.goto(await firstStartLink(rollcall));
    await type(page.getByLabel("Your name"), "Ada Lovelace");
    await type(page.getByLabel("E-mail"), "ada@example.com");
    await type(page.getByRole("textbox", { name: "Password" }), "four unrelated words");
    await page.keyboard.press("Enter");

    await press("Connect Ironclad Clickwrap");
    await type(page.getByLabel("Client ID"), rollcall.sandbox.clientId);
    await type(page.getByLabel("Client secret"), rollcall.sandbox.clientSecret);
    await page.keyboard.press("Enter");

    await press("Edit: Integration details");
    await type(page.getByLabel("API address"), rollcall.sandbox.url);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Edit: Integration details" }).waitFor();

    await press("Edit: Schedule");
    await tabTo(page, page.getByRole("radio", { name: "Daily" }));
    await page.keyboard.press("ArrowRight");
    await page.getByLabel("Every").waitFor();
    await tabTo(page, page.getByLabel("Every"));
    await page.keyboard.type("6");
    await page.keyboard.press("Enter");
    await press("Save");
    await page.getByText("Every 6 hours").waitFor();

    await press("Edit: Mappings");
    await mapByKeyboard(page, type);
    await press("Save mapping");
    await page.getByText("The next run uses the new mapping.").waitFor();

    await pressEnterOn(page, page.getByRole("link", { name: "Ironclad Clickwrap" }));
    await press("Launch");
    await page.getByText("Ironclad Clickwrap is launched").waitFor();
    await press("Run now");
    await page.getByRole("main").getByText("Completed", { exact: true }).waitFor();

    const [person] = (await all<Person>(console, "/people?limit=1")).data;
    assert.equal(person?.attributes.vendorUserId, person?.integrations[0]?.vendorKey);
    assert.deepEqual(console.complaints, []);
  });

  test("a refused save stands at its field, and a second administrator's change is not overwritten", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal" });
    await page.goto(`/integrations/${integration.id}?edit=details`);
    await page.getByLabel("Page size").fill("9999");
    await page.getByRole("button", { name: "Save" }).click();
    const field = page.getByLabel("Page size");
    await page.getByText(/500/).last().waitFor();
    assert.equal(await field.getAttribute("aria-invalid"), "true");

    await rollcall.api("PATCH", `/integrations/${integration.id}`, { deactivate: true });
    await field.fill("50");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").getByText("integration.changed").waitFor();
    const { body } = await rollcall.api<Integration>("GET", `/integrations/${integration.id}`);
    assert.equal(body.deactivate, true);
  });

  test("a revision shows what it changed and is restored with one click", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal" });
    await rollcall.api("PATCH", `/integrations/${integration.id}`, { preference: "create-only" });
    await page.goto(`/integrations/${integration.id}/revisions`);
    await page.getByText("create-only").waitFor();
    await page.getByRole("button", { name: "Restore revision 1" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
    await page.getByRole("heading", { name: "Revision 3" }).waitFor();
    const { body } = await rollcall.api<Integration>("GET", `/integrations/${integration.id}`);
    assert.equal(body.preference, "create-update");
  });
});

/** A custom field, a new inventory field by right-click, drag and drop, a function, a tracking field, a nested filter. */
async function mapByMouse(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1, name: "Mapping" }).waitFor();
  await page.getByText("40 of the last 40 fetched records pass").waitFor();

  await page.getByRole("button", { name: "Add new field", exact: true }).click();
  const custom = page.getByRole("dialog", { name: "Add new field" });
  await custom.getByLabel("Name").fill("Vendor id");
  await custom.getByLabel("Path").fill("a[");
  await custom.getByLabel("Path").and(page.locator("[aria-invalid=true]")).waitFor();
  await custom.getByLabel("Path").fill("/id");
  await custom.getByText("10 of 10 sampled records have a value there.").waitFor();
  await custom.getByRole("button", { name: "Add the field" }).click();

  const targets = page.getByRole("region", { name: "Inventory fields" });
  await targets.getByText("Time zone", { exact: true }).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Add new inventory field …" }).click();
  await addInventoryField(page, "Vendor user id");

  await dragTo(
    page,
    page.getByRole("region", { name: "Fields of Ironclad Clickwrap" }).getByText("Vendor id", { exact: true }),
    targets.getByText("Vendor user id", { exact: true }),
  );
  const source = targets.getByRole("combobox", { name: "Source of Vendor user id" });
  await source
    .and(page.locator("select"))
    .filter({ has: page.locator("option:checked[value='Vendor id']") })
    .waitFor();

  await page.getByRole("button", { name: "Actions for Connector: Sync Time" }).click();
  await page.getByRole("menuitem", { name: "Add as a new inventory field …" }).click();
  await addInventoryField(page, "Synced at");
  await targets.getByRole("combobox", { name: "Source of Full name" }).selectOption("Name");
  await page.getByRole("button", { name: "Options of Full name" }).first().click();
  const options = page.getByRole("dialog", { name: "Options of Full name" });
  await options.getByLabel("Only when empty").click();
  await options.getByRole("combobox", { name: "Add a step" }).selectOption("Upper case");
  await options
    .getByText(/→ [A-Z ]+$/)
    .first()
    .waitFor();
  await options.getByRole("button", { name: "Done" }).click();

  await page.getByRole("radio", { name: "Create and update if …" }).click();
  const rule = page.getByRole("group", { name: "Rule 1" }).first();
  await rule.getByRole("combobox", { name: "Rule 1: comparison" }).selectOption("contains");
  await rule.getByRole("textbox", { name: "Rule 1: value" }).fill("nobody-has-this");
  await page.getByText("0 of the last 40 fetched records pass", { exact: true }).waitFor();
  await rule.getByRole("textbox", { name: "Rule 1: value" }).fill("@");
  await page.getByRole("button", { name: "Add a group" }).click();
  const group = page.getByRole("group", { name: "Group at level 2", exact: true });
  await group.getByRole("combobox", { name: "Rule 1: field" }).fill("Verified");
  await page.keyboard.press("Escape");
  await group.getByRole("combobox", { name: "Rule 1: comparison" }).selectOption("is not empty");
  await page.getByText("40 of the last 40 fetched records pass").waitFor();
}

/** The same mapping with Tab, Enter, arrows and letters. */
async function mapByKeyboard(page: Page, type: (target: Locator, text: string) => Promise<void>): Promise<void> {
  const press = (name: string) => pressEnterOn(page, page.getByRole("button", { name, exact: true }));
  await page.getByText("40 of the last 40 fetched records pass").waitFor();
  await press("Add new field");
  await type(page.getByRole("dialog").getByLabel("Name"), "Vendor id");
  await type(page.getByRole("dialog").getByLabel("Path"), "/id");
  await page.getByText("10 of 10 sampled records have a value there.").waitFor();
  await page.keyboard.press("Enter");

  await press("Actions for Vendor id");
  await page.getByRole("menuitem", { name: "Add as a new inventory field …" }).waitFor();
  await page.locator("[role=menu]:focus, [role=menu] :focus").waitFor({ state: "attached" });
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await type(page.getByRole("dialog").getByLabel("Label"), "Vendor user id");
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "Source of Vendor user id" }).waitFor();

  // Another target of the same source, by its select box.
  await chooseByTyping(page, page.getByRole("combobox", { name: "Source of First name" }), "Name", "name");

  // A tracking field, and a filter.
  const lastName = page.getByRole("combobox", { name: "Source of Last name" });
  await chooseByTyping(page, lastName, "Connect:", "connect.credentials");
  await tabTo(page, page.getByRole("radio", { name: "Always create and update" }));
  await page.keyboard.press("ArrowDown");
  await type(page.getByRole("combobox", { name: "Rule 1: comparison" }), "contains");
  await type(page.getByRole("textbox", { name: "Rule 1: value" }), "nobody-has-this");
  await page.getByText("0 of the last 40 fetched records pass", { exact: true }).waitFor();
  await type(page.getByRole("textbox", { name: "Rule 1: value" }), "@");
  await page.getByText("40 of the last 40 fetched records pass").waitFor();
}

async function addInventoryField(page: Page, label: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Add new inventory field" });
  await dialog.getByLabel("Label").fill(label);
  await dialog.getByRole("button", { name: "Add the field" }).click();
  await dialog.waitFor({ state: "detached" });
}

/** A select box looks for what is typed without a pause; on a busy machine there may be one, and it is typed again. */
async function chooseByTyping(page: Page, select: Locator, text: string, value: string): Promise<void> {
  await tabTo(page, select);
  do {
    await page.waitForTimeout(1_500);
    await page.keyboard.type(text);
  } while ((await select.inputValue()) !== value);
  await page.keyboard.press("Tab");
}

async function dragTo(page: Page, from: Locator, to: Locator): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 2400 });
  await from.hover();
  const box = await to.boundingBox();
  if (box === null) throw new Error("there is nothing to drop on");
  await page.mouse.down();
  await page.mouse.move(box.x + 8, box.y + 8, { steps: 12 });
  // Where it is dropped is known two renders after the last move.
  await page
    .locator("[data-over]")
    .filter({ hasText: (await to.textContent()) ?? "" })
    .waitFor();
  await page.mouse.up();
}

async function all<Item>({ rollcall }: OpenConsole, path: string): Promise<ListOf<Item>> {
  return (await rollcall.api<ListOf<Item>>("GET", path)).body;
}
