import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { checkOpened, type Opening } from "./check-accessibility.ts";
import { furnishConsole } from "./furnish-console.ts";
import { openConsole } from "./open-console.ts";

type Named = string | RegExp;

describe("dialogs, drawers and menus", () => {
  test("of the shell and people are accessible in dark and light at both widths", async () => {
    await using console = await openConsole({ sandbox: { users: 20, population: "plain" } });
    await using furnished = await furnishConsole(console.rollcall);
    const person = `/people/${furnished.personId}`;
    await checkOpened(console.page, [
      at("/", (page) => pressAnywhere(page, /^Notifications/), "dialog", "Notifications"),
      at("/", (page) => pressAnywhere(page, /^Profile of/), "menu"),
      at("/people", press("Columns"), "dialog", "Columns"),
      at("/people", press("Views"), "dialog", /^(Views|Saved views of people)$/),
      at("/people", press("Add person"), "dialog", "Add person"),
      at(person, press(/^(Deactivate|Activate)/), "dialog", /this person\?$/),
    ]);
    assert.deepEqual(console.complaints, []);
  });

  test("of software and runs are accessible in dark and light at both widths", async () => {
    await using console = await openConsole({ sandbox: { users: 20, population: "plain" } });
    await using furnished = await furnishConsole(console.rollcall);
    const { softwareId, reviewRunId } = furnished;
    const run = `/runs/${reviewRunId}`;
    await checkOpened(console.page, [
      at("/saas", press("Add application"), "dialog", "Add application"),
      at(`/saas/${softwareId}`, press(/^Deactivate /), "dialog", /^Deactivate /),
      at("/catalog", openRow("Ironclad Clickwrap"), "dialog", "Entry of the catalog"),
      at(run, openRow(/Deactivate|Create|Update/), "dialog"),
      at(run, press("Approve…"), "dialog", "Approve this plan?"),
      at(run, press("Undo…"), "dialog", "Undo this run?"),
    ]);
    assert.deepEqual(console.complaints, []);
  });

  test("of integrations and credentials are accessible in dark and light at both widths", async () => {
    await using console = await openConsole({ sandbox: { users: 20, population: "plain" } });
    await using furnished = await furnishConsole(console.rollcall);
    const { integrationId, credentialId } = furnished;
    const integration = `/integrations/${integrationId}`;
    const mapping = `${integration}/mapping`;
    const credential = `/credentials/${credentialId}`;
    await checkOpened(console.page, [
      at("/integrations?new=yes", async () => undefined, "dialog", "New integration"),
      at(integration, press("More actions"), "menu"),
      at(integration, press("More actions", "Archive"), "dialog", "Archive it?"),
      at(mapping, press("Smart mapping"), "dialog", "Smart mapping"),
      at(mapping, press("Add new field"), "dialog", "Add new field"),
      at(mapping, press("Actions for Locale"), "menu"),
      at(mapping, press("Options of Email"), "dialog", "Options of Email"),
      at(credential, press("Edit"), "dialog", "Edit the credential"),
      at(credential, press("Replace"), "dialog", "Replace what the vendor gave you"),
      at(credential, press("Delete"), "dialog", "Delete this credential?"),
    ]);
    assert.deepEqual(console.complaints, []);
  });

  test("of the rest of the configuration are accessible in dark and light at both widths", async () => {
    await using console = await openConsole({ sandbox: { users: 20, population: "plain" } });
    await using furnished = await furnishConsole(console.rollcall);
    const destination = `/destinations/${furnished.destinationId}`;
    await checkOpened(console.page, [
      at("/fields", press("Add new inventory field"), "dialog", "Add new inventory field"),
      at("/accounts", press("Add an account"), "dialog", "Add an account"),
      at("/accounts", press("Change Grace Hopper"), "menu"),
      at("/settings", press("Add a webhook"), "dialog", "Add a webhook"),
      at(destination, press("Re-synchronise…"), "dialog", "Re-synchronise everybody?"),
      at(destination, press("More actions"), "menu"),
      at(`${destination}?state=failed`, openRow("Failed"), "dialog", /^Delivery for/),
    ]);
    assert.deepEqual(console.complaints, []);
  });

  test("of runners, tokens and the audit log are accessible in dark and light at both widths", async () => {
    await using console = await openConsole({ sandbox: { users: 20, population: "plain" } });
    await using _furnished = await furnishConsole(console.rollcall);
    await checkOpened(console.page, [
      at("/runners", press("Add a runner"), "dialog", "Add a runner"),
      at("/runners", press("Revoke berlin-01"), "dialog", "Revoke berlin-01?"),
      at("/api-tokens", tickPermissions, "dialog", "Add a token"),
      at("/api-tokens", makeToken, "dialog", /^The token Laptop/),
      at("/audit", openRow("Account added"), "dialog", "Account added"),
    ]);
    assert.deepEqual(console.complaints, []);
  });
});

function at(address: string, act: (page: Page) => Promise<void>, role: "dialog" | "menu", name?: Named): Opening {
  return {
    address,
    open: async (page) => {
      await act(page);
      return page.getByRole(role, name === undefined ? {} : { name });
    },
  };
}

/** Presses a button of the page, then an entry of the menu that it opens. */
function press(button: Named, entry?: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByRole("main").getByRole("button", { name: button }).first().click();
    if (entry !== undefined) await page.getByRole("menuitem", { name: entry }).click();
  };
}

async function pressAnywhere(page: Page, name: Named): Promise<void> {
  await page.getByRole("button", { name }).first().click();
}

/** Opens the first line that says this: a row of the table, or on a narrow screen its card. */
function openRow(words: Named): (page: Page) => Promise<void> {
  return async (page) => {
    const row = page.getByRole("main").getByRole("row", { name: words }).first();
    const card = page.getByRole("main").getByRole("listitem").filter({ hasText: words }).getByRole("button").first();
    const line: Locator = row.or(card).first();
    await line.click();
  };
}

async function tickPermissions(page: Page): Promise<void> {
  await press("Add a token")(page);
  const dialog = page.getByRole("dialog", { name: "Add a token" });
  await dialog.getByRole("radio", { name: "Only what is ticked" }).check();
  await dialog.getByRole("group", { name: "Runs" }).getByRole("checkbox", { name: "start" }).check();
}

async function makeToken(page: Page): Promise<void> {
  await press("Add a token")(page);
  const dialog = page.getByRole("dialog", { name: "Add a token" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Laptop");
  await dialog.getByRole("button", { name: "Make the token" }).click();
}
