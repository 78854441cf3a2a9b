import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProductError } from "@rollcall/core/errors.ts";
import { loadConfig } from "./config.ts";
import { loadSecrets } from "./secrets.ts";

describe("the environment", () => {
  test("has a default for everything", () => {
    assert.deepEqual(loadConfig({ PORT: "" }), {
      port: 4600,
      host: "127.0.0.1",
      publicUrl: "http://localhost:4600",
      dataDir: "./.rollcall",
      role: "all",
      egressAllow: [],
      emailSetUp: false,
      mailFrom: null,
      keepMessagesDays: 90,
      logLevel: "info",
      otlpEndpoint: null,
    });
    assert.deepEqual(loadSecrets({}), { databaseUrl: null, apiToken: null, encryptionKeys: null, smtpUrl: null });
  });

  test("is read into typed values", () => {
    const config = loadConfig({
      PORT: "8080",
      ROLLCALL_PUBLIC_URL: "https://rollcall.example.com/",
      ROLLCALL_EGRESS_ALLOW: "10.0.0.0/8, vendor.internal,",
    });
    assert.equal(config.port, 8080);
    assert.equal(config.publicUrl, "https://rollcall.example.com");
    assert.deepEqual(config.egressAllow, ["10.0.0.0/8", "vendor.internal"]);
  });

  for (const [variable, value] of Object.entries({
    PORT: "http",
    ROLLCALL_PUBLIC_URL: "rollcall.example.com",
    ROLLCALL_ROLE: "leader",
    ROLLCALL_API_TOKEN: "too-short-canary",
    DATABASE_URL: "mysql://u:canary@host/db",
    SMTP_URL: "http://u:canary@host",
    ROLLCALL_KEEP_MESSAGES_DAYS: "0",
    LOG_LEVEL: "loud",
  })) {
    test(`refuses a bad ${variable} in one line that names it and does not repeat it`, () => {
      assert.throws(
        () => loadConfig({ [variable]: value }),
        (error: unknown) =>
          error instanceof ProductError &&
          error.code === "config.invalid" &&
          error.message.startsWith(`${variable} must`) &&
          !error.message.includes("\n") &&
          !error.message.includes("canary"),
      );
    });
  }

  test("keeps secrets out of the configuration", () => {
    const environment = {
      DATABASE_URL: "postgres://u:canary@host/db",
      ROLLCALL_API_TOKEN: "canary-canary-canary-canary-canary",
      ROLLCALL_ENCRYPTION_KEYS: "a:canary",
      SMTP_URL: "smtp://u:canary@host",
    };
    assert.ok(!JSON.stringify(loadConfig(environment)).includes("canary"));
    assert.equal(loadSecrets(environment).smtpUrl, "smtp://u:canary@host");
  });
});
