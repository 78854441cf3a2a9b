/**
 * The one table of coded errors. A code is stable and dotted; its family says how to recover and who must act.
 * docs/errors.md is generated from this table.
 */

/** How an error is recovered from, who must act, and the HTTP status when it reaches an API caller. */
export const errorFamilies = {
  retryable: { acts: "nobody yet", status: 503 },
  "run-stopped": { acts: "operator, if it repeats", status: 502 },
  configuration: { acts: "operator", status: 422 },
  "connector-defect": { acts: "connector author", status: 500 },
  invalid: { acts: "caller", status: 400 },
  conflict: { acts: "caller", status: 409 },
  "not-found": { acts: "caller", status: 404 },
  "precondition-failed": { acts: "caller", status: 412 },
  unauthenticated: { acts: "caller", status: 401 },
  forbidden: { acts: "administrator", status: 403 },
  "too-large": { acts: "caller", status: 413 },
  unsupported: { acts: "caller", status: 415 },
  "rate-limited": { acts: "caller", status: 429 },
  "upgrade-required": { acts: "operator", status: 426 },
  internal: { acts: "us", status: 500 },
} as const;

export type ErrorFamily = keyof typeof errorFamilies;

type ErrorEntry = { readonly family: ErrorFamily; readonly meaning: string; readonly nextStep: string };

export const errorTable = {
  // Talking to the vendor.
  "vendor.unreachable": {
    family: "retryable",
    meaning: "The vendor's address did not answer: name, connection, TLS or time-out.",
    nextStep: "Check the API address of the integration and the vendor's status page; the next run tries again.",
  },
  "vendor.rate_limited": {
    family: "retryable",
    meaning: "The vendor kept answering 429 for longer than a run waits.",
    nextStep: "Lower the requests per minute of the integration or move its schedule.",
  },
  "vendor.unavailable": {
    family: "retryable",
    meaning: "The vendor kept answering with a server error.",
    nextStep: "Look at the vendor's status page; the next run tries again.",
  },
  "vendor.unauthorized": {
    family: "configuration",
    meaning: "The vendor refused the credential.",
    nextStep: "Enter a new client ID and secret in the credential and test it.",
  },
  "vendor.forbidden": {
    family: "configuration",
    meaning: "The credential is valid but may not read this list.",
    nextStep: "Give the vendor account behind the credential the right to list all users.",
  },
  "vendor.not_found": {
    family: "configuration",
    meaning: "The vendor has nothing at this path.",
    nextStep: "Check the API address and the account id of the integration.",
  },
  "vendor.bad_request": {
    family: "configuration",
    meaning: "The vendor refused the request itself.",
    nextStep: "Check the inputs of the integration (page size, account id, sites).",
  },
  "vendor.bad_response": {
    family: "run-stopped",
    meaning: "The answer was not what the API documents: not JSON, truncated, HTML, or a list is missing.",
    nextStep: "Check that the API address points at the API; if it does, report the connector with the run's number.",
  },
  "vendor.response_too_large": {
    family: "run-stopped",
    meaning: "One answer was larger than the limit.",
    nextStep: "Lower the page size of the integration.",
  },
  "dispute.not_found": {
    family: "not-found",
    meaning: "There is no identity question about this record.",
    nextStep: "List the questions of the integration; a run may have settled it meanwhile.",
  },
  "egress.denied": {
    family: "configuration",
    meaning: "The address is private, loopback, link-local or otherwise not allowed for outgoing requests.",
    nextStep: "Use a public https address, or allow the host by name in ROLLCALL_EGRESS_ALLOW.",
  },
  "egress.too_many_redirects": {
    family: "run-stopped",
    meaning: "The vendor redirected more than five times.",
    nextStep: "Check the API address of the integration.",
  },

  // Database.
  "database.folder_in_use": {
    family: "conflict",
    meaning: "Another running Rollcall owns the data folder.",
    nextStep: "Stop the other one, or give this one its own folder with ROLLCALL_DATA_DIR.",
  },
  "database.cannot_start": {
    family: "configuration",
    meaning: "The embedded database cannot run here, or the external database refused the connection string.",
    nextStep: "Read the message; where the embedded one cannot run, set DATABASE_URL to a PostgreSQL 14 or newer.",
  },
  "database.unreachable": {
    family: "retryable",
    meaning: "The database did not answer, is restarting, or has no free connection.",
    nextStep: "Check that PostgreSQL runs; the work is tried again.",
  },
  "database.disk_full": {
    family: "run-stopped",
    meaning: "The database's disk is full. What was under way was taken back as a whole.",
    nextStep: "Free some space on the disk of the data folder or of PostgreSQL, then run again.",
  },
  "database.newer_than_program": {
    family: "configuration",
    meaning: "The database was migrated by a newer Rollcall than this one.",
    nextStep: "Start the newer version, or restore the backup taken before the update.",
  },
  // Connectors.
  "connector.invalid": {
    family: "connector-defect",
    meaning: "A connector's manifest does not follow the schema or its rules.",
    nextStep: "Run `rollcall connector check` on its folder and correct the fields it names.",
  },
  "connector.unresolved": {
    family: "configuration",
    meaning: "A request of the connector could not be built from the integration's inputs and the vendor's ids.",
    nextStep: "Check the inputs of the integration (API address, account id, sites).",
  },

  // Requests to the API.
  "request.invalid": {
    family: "invalid",
    meaning: "A field of the request is missing, unknown or not allowed; `errors` names each by pointer.",
    nextStep: "Correct the fields named in `errors` and send the request again.",
  },
  "request.malformed_json": {
    family: "invalid",
    meaning: "The request's body is not JSON.",
    nextStep: "Send a JSON document in UTF-8, with double quotes and no trailing commas.",
  },
  "request.malformed": {
    family: "invalid",
    meaning: "The request cannot be read as HTTP: its address, its headers or the length of its body.",
    nextStep: "Check how the client writes its requests.",
  },
  "request.too_large": {
    family: "too-large",
    meaning: "The request's body is larger than 1 MB.",
    nextStep: "Send less at once.",
  },
  "request.unsupported_media_type": {
    family: "unsupported",
    meaning: "The request's body is not announced as JSON.",
    nextStep: "Send the header content-type: application/json.",
  },
  "request.bad_cursor": {
    family: "invalid",
    meaning: "The cursor was not made by this list with this sort order and these filters.",
    nextStep: "Ask for the first page again, without a cursor.",
  },
  "request.not_found": {
    family: "not-found",
    meaning: "There is no such call.",
    nextStep: "Look at the list of calls in /api/v1/openapi.json.",
  },
  "request.rate_limited": {
    family: "rate-limited",
    meaning: "More requests than allowed in a minute.",
    nextStep: "Wait for the number of seconds in the header retry-after.",
  },
  "internal.unexpected": {
    family: "internal",
    meaning: "Something failed that should not; the log has the details under the request id.",
    nextStep: "Look for the request id in the log, and report it with what you did.",
  },

  // Who may do what.
  "access.unauthenticated": {
    family: "unauthenticated",
    meaning: "The request carries no valid token, and no session that lasts.",
    nextStep:
      "Sign in, or send the header authorization: Bearer with an API token that is neither expired nor revoked.",
  },
  "access.forbidden": {
    family: "forbidden",
    meaning: "The account's role, or the token's scope, does not include this.",
    nextStep: "Ask an administrator for a role with the permission that the message names.",
  },
  "account.not_found": {
    family: "not-found",
    meaning: "There is no account with this id.",
    nextStep: "List the accounts.",
  },
  "account.email_taken": {
    family: "conflict",
    meaning: "Another account has this e-mail address.",
    nextStep: "Use the account that exists, or another address.",
  },
  "account.last_administrator": {
    family: "conflict",
    meaning: "The last active administrator cannot be disabled or given another role.",
    nextStep: "Make another account an administrator first.",
  },
  "api_token.not_found": {
    family: "not-found",
    meaning: "There is no API token with this id.",
    nextStep: "List the API tokens.",
  },

  // Signing in.
  "session.wrong_credentials": {
    family: "unauthenticated",
    meaning: "The e-mail address or the password is wrong, or the account cannot sign in.",
    nextStep: "Type both again; an administrator can make a new invitation link for a forgotten password.",
  },
  "session.too_many_attempts": {
    family: "rate-limited",
    meaning: "There were too many failed attempts to sign in to this account.",
    nextStep: "Wait for the number of seconds in the header retry-after.",
  },
  "session.csrf": {
    family: "forbidden",
    meaning: "A call with the session cookie lacks the session's token against forged requests.",
    nextStep: "Read csrfToken with GET /api/v1/session and send it as the header x-csrf-token.",
  },
  "session.needed": {
    family: "forbidden",
    meaning: "Only a signed-in browser can do this, not an API token.",
    nextStep: "Sign in.",
  },
  "session.not_found": {
    family: "not-found",
    meaning: "You have no session with this id.",
    nextStep: "List your sessions.",
  },
  "link.invalid": {
    family: "forbidden",
    meaning: "The one-time link was used, replaced or has expired.",
    nextStep: "Restart Rollcall for a new start link, or ask an administrator for a new invitation.",
  },
  "account.not_a_person": {
    family: "conflict",
    meaning: "A service account uses API tokens and cannot be invited.",
    nextStep: "Make an API token for it, or create an account for the person.",
  },

  // Configuration and secrets.
  "config.invalid": {
    family: "configuration",
    meaning: "An environment variable has a value that cannot be used.",
    nextStep: "Correct the variable that the message names and start again.",
  },
  "vault.key_file_unsafe": {
    family: "configuration",
    meaning: "The file with the encryption keys can be read by other users of the machine.",
    nextStep: "Run chmod 600 on the file that the message names.",
  },
  "vault.key_file_invalid": {
    family: "configuration",
    meaning: "The file with the encryption keys cannot be read, or is not a list of id:base64.",
    nextStep: "Restore the file from a backup.",
  },
  "vault.key_missing": {
    family: "configuration",
    meaning: "A value is encrypted with a key that this program was not given.",
    nextStep: "Give the key back in ROLLCALL_ENCRYPTION_KEYS or in the key file, or enter the credential again.",
  },
  "vault.cannot_open": {
    family: "configuration",
    meaning: "A sealed value was changed, or belongs to another row or field.",
    nextStep: "Enter the credential again, and find out who edited the database.",
  },

  // Credentials.
  "credential.not_found": {
    family: "not-found",
    meaning: "There is no credential with this id.",
    nextStep: "List the credentials.",
  },
  "credential.name_taken": {
    family: "conflict",
    meaning: "Another credential has this name.",
    nextStep: "Choose another name.",
  },
  "credential.in_use": {
    family: "conflict",
    meaning: "Integrations use the credential.",
    nextStep: "Give the integrations that the message names another credential, or archive them.",
  },

  // The inventory.
  "person.not_found": {
    family: "not-found",
    meaning: "There is no person with this id.",
    nextStep: "Search the list of people.",
  },
  "person.taken": {
    family: "conflict",
    meaning: "Another person has this value in a unique field.",
    nextStep: "Find the other person with the search, and correct one of the two.",
  },
  "field.not_found": {
    family: "not-found",
    meaning: "There is no field with this id.",
    nextStep: "List the fields.",
  },
  "field.name_taken": {
    family: "conflict",
    meaning: "The name belongs to another field of the same entity.",
    nextStep: "Choose another name.",
  },
  "field.built_in": {
    family: "conflict",
    meaning: "Only the help text of a built-in field can be changed.",
    nextStep: "Create a field of your own.",
  },
  "software.not_found": {
    family: "not-found",
    meaning: "There is no SaaS record with this id.",
    nextStep: "List the SaaS records.",
  },
  "software.name_taken": {
    family: "conflict",
    meaning: "Another SaaS record has this name.",
    nextStep: "Use the record that exists, or choose another name.",
  },
  "saas_user.not_found": {
    family: "not-found",
    meaning: "The application has no user with this id.",
    nextStep: "List the users of the application.",
  },
  "catalog_entry.not_found": {
    family: "not-found",
    meaning: "There is no entry with this id in the software catalog.",
    nextStep: "List the software catalog.",
  },

  // Runs and their plans.
  "run.not_found": {
    family: "not-found",
    meaning: "There is no run with this id.",
    nextStep: "List the runs.",
  },
  "run.already_active": {
    family: "conflict",
    meaning: "A run of this integration waits or is under way; there is never a second one.",
    nextStep: "Wait for the run that the message names, or cancel it.",
  },
  "run.finished": {
    family: "conflict",
    meaning: "The run is finished, so there is nothing to cancel.",
    nextStep: "Undo the run if it should not have been applied.",
  },
  "run.superseded": {
    family: "conflict",
    meaning: "The run was taken over by another worker or has ended, so this worker may not write it any more.",
    nextStep: "Nothing to do: the other worker goes on.",
  },
  "run.too_many_attempts": {
    family: "run-stopped",
    meaning: "The run was begun many times and its worker never came to an end.",
    nextStep: "Look for the run's number in the log of the workers, mostly they ran out of memory; then run again.",
  },
  "run.plan_not_open": {
    family: "conflict",
    meaning: "The run has no plan that waits for a decision.",
    nextStep: "Run again, and decide about the new run's plan.",
  },
  "run.plan_expired": {
    family: "conflict",
    meaning: "The plan waited too long for a decision.",
    nextStep: "Run again, and decide about the new run's plan.",
  },
  "run.plan_stale": {
    family: "conflict",
    meaning:
      "The inventory, the vendor or the integration's settings moved since the plan was made, so it is not applied.",
    nextStep: "Run again, and decide about the new run's plan.",
  },
  "run.not_undoable": {
    family: "conflict",
    meaning: "The run has applied nothing that could be undone, or was undone before.",
    nextStep: "Look at the changes of the run.",
  },
  "run.nothing_to_retry": {
    family: "conflict",
    meaning: "The run has no rejected or disputed records whose key is known.",
    nextStep: "Start a run of the whole integration.",
  },
  "integration.not_found": {
    family: "not-found",
    meaning: "There is no integration with this id.",
    nextStep: "List the integrations.",
  },
  "integration.wrong_state": {
    family: "conflict",
    meaning: "The integration's state does not allow this.",
    nextStep: "Launch a draft; an archived integration stays as it is.",
  },

  // Messages and webhooks.
  "notification.not_found": {
    family: "not-found",
    meaning: "You have no notification with this id.",
    nextStep: "List your notifications.",
  },
  "webhook.not_found": {
    family: "not-found",
    meaning: "There is no webhook, or no delivery of it, with this id.",
    nextStep: "List the webhooks, or the deliveries of one.",
  },
  "webhook.name_taken": {
    family: "conflict",
    meaning: "Another webhook has this name.",
    nextStep: "Choose another name.",
  },
  "webhook.under_way": {
    family: "conflict",
    meaning: "The delivery is being sent at this moment.",
    nextStep: "Wait for its outcome, then send it again.",
  },
  // Destinations.
  "destination.not_found": {
    family: "not-found",
    meaning: "There is no destination with this id.",
    nextStep: "List the destinations.",
  },
  "destination.name_taken": {
    family: "conflict",
    meaning: "Another destination has this name.",
    nextStep: "Choose another name.",
  },
  "destination.wrong_credential": {
    family: "configuration",
    meaning: "The destination's credential is of a kind that cannot be used there.",
    nextStep: "Choose a credential of the kind api-key (header Authorization2) or basic.",
  },
  "destination.refused": {
    family: "invalid",
    meaning: "The destination refused one record.",
    nextStep: "Correct the value or the mapping of the field, then retry the failed records.",
  },
  "destination.key_missing": {
    family: "invalid",
    meaning: "The record has no value in the destination's sync key.",
    nextStep: "Give the person a value, or choose another sync key.",
  },
  "destination.ambiguous": {
    family: "invalid",
    meaning: "The destination has several records with the same key or name, so that none is chosen.",
    nextStep: "Remove the double in the instance, or choose another sync key; for an application give its id.",
  },
  "destination.fault": {
    family: "internal",
    meaning: "A push came to an end by a fault of Rollcall.",
    nextStep: "Look into the log and report it; the next push goes on.",
  },
  "destination.unsettled": {
    family: "retryable",
    meaning:
      "It is not known whether the destination has acted on a request, so that nothing is sent before it was looked up.",
    nextStep: "Nothing to do: the next push looks it up.",
  },
  "destination.failing": {
    family: "retryable",
    meaning: "So many requests to the destination failed in a row that the push was ended.",
    nextStep: "Look at the instance: it does not answer, or only with errors. The push is tried again by itself.",
  },
  "destination.bulk_unusable": {
    family: "configuration",
    meaning: "The instance cannot be pushed to over the bulk protocol with these settings.",
    nextStep:
      "Correct the fields or the number of the instance's integration, or set the mode of the destination to requests.",
  },
  "destination.bulk_failed": {
    family: "retryable",
    meaning: "The instance took a bulk upload and then did not work it through.",
    nextStep:
      "Look at the integration's run log in the instance. The push is tried again by itself; if it repeats, set the mode of the destination to requests.",
  },
  "run.timed_out": {
    family: "run-stopped",
    meaning: "The run did not come to an end within 24 hours, so it was given up and its lock released.",
    nextStep:
      "Look at how far the run came; raise the requests per minute of the integration, or find out what holds the vendor up.",
  },

  // Connectors and integrations.
  "connector.not_found": {
    family: "not-found",
    meaning: "There is no connector with this id.",
    nextStep: "List the connectors.",
  },
  "integration.revision_not_found": {
    family: "not-found",
    meaning: "The integration has no revision with this number.",
    nextStep: "List the revisions of the integration.",
  },
  "integration.name_taken": {
    family: "conflict",
    meaning: "Another integration that is not archived has this name.",
    nextStep: "Choose another name.",
  },
  "integration.changed": {
    family: "precondition-failed",
    meaning: "The integration is no longer at the revision that the request was made for.",
    nextStep: "Read the integration again, look at what changed, and send the change for the revision it is at now.",
  },
  "integration.not_ready": {
    family: "configuration",
    meaning: "Something that an integration needs before it runs is missing; `errors` lists it.",
    nextStep: "Supply what `errors` lists and launch again.",
  },
  "integration.has_history": {
    family: "conflict",
    meaning: "The integration has runs, and its history is kept.",
    nextStep: "Archive the integration in place of deleting it.",
  },
  "integration.run_under_way": {
    family: "conflict",
    meaning: "A run of the integration waits or is under way.",
    nextStep: "Wait for the run, or cancel it.",
  },

  // Runners: integrations that are read on the customer's machine.
  "runner.not_found": {
    family: "not-found",
    meaning: "There is no runner with this id.",
    nextStep: "List the runners.",
  },
  "runner.name_taken": {
    family: "conflict",
    meaning: "Another runner has this name.",
    nextStep: "Choose another name, or delete the other runner.",
  },
  "runner.code_invalid": {
    family: "forbidden",
    meaning: "The enrolment code is wrong, was used, or has expired.",
    nextStep: "Ask an administrator to create the runner anew; a code is valid for 15 minutes and works once.",
  },
  "runner.other_version": {
    family: "upgrade-required",
    meaning: "The runner and the server do not speak the same version of the runner's calls.",
    nextStep: "Install the `rollcall` that comes with the server on the runner's machine, and start the runner again.",
  },
  "runner.out_of_step": {
    family: "conflict",
    meaning: "The upload does not follow from what the server has of the run.",
    nextStep: "Nothing to do: the runner asks for the run again and goes on from what the server has.",
  },
  "runner.upload_refused": {
    family: "invalid",
    meaning: "The upload holds something that the integration's mapping cannot have made.",
    nextStep: "Use the `rollcall` that comes with the server; if it repeats, report it with the run's number.",
  },
  "runner.busy": {
    family: "rate-limited",
    meaning: "The server takes one upload of a runner at a time, and only so many at once.",
    nextStep: "Nothing to do: the runner sends it again after the number of seconds in the header retry-after.",
  },
  "runner.not_enrolled": {
    family: "unauthenticated",
    meaning: "This machine is not enrolled as a runner.",
    nextStep: "Create a runner on the server and run `rollcall runner enroll` with its code.",
  },
  "runner.no_credential": {
    family: "configuration",
    meaning: "The runner has no credential for the integration that it is to read.",
    nextStep:
      "Set ROLLCALL_CREDENTIAL_…, name the integration in the runner's key file, or run `rollcall runner store-credential`; then run again.",
  },

  "runner.no_keychain": {
    family: "configuration",
    meaning: "The operating system's keychain does not answer: none runs here, it is locked, or it refused.",
    nextStep:
      "Unlock the keychain or run as the user who owns it; on a machine without one, such as a server without a desktop, use ROLLCALL_CREDENTIAL_… or a key file.",
  },

  // The command line.
  "cli.wrong_use": {
    family: "invalid",
    meaning: "The command was not written as it must be, or asks for something that cannot be typed here.",
    nextStep: "Read the command's --help.",
  },
  "cli.cancelled": {
    family: "invalid",
    meaning: "A question was not answered, so the command did nothing.",
    nextStep: "Start the command again.",
  },
  "cli.stopped_waiting": {
    family: "invalid",
    meaning: "Somebody stopped waiting for a run, which goes on.",
    nextStep: "Look at it with `rollcall run show`, or stop it with `rollcall run cancel`.",
  },
  "cli.not_signed_in": {
    family: "unauthenticated",
    meaning: "The command line has no token for this server.",
    nextStep: "Run `rollcall login`, or set ROLLCALL_TOKEN.",
  },
  "cli.server_unreachable": {
    family: "retryable",
    meaning: "The Rollcall server did not answer the command line.",
    nextStep: "Check that the server runs, and the address in ROLLCALL_URL or given to `rollcall login`.",
  },
  "cli.unexpected_answer": {
    family: "configuration",
    meaning: "What answered is not a Rollcall server, or is one of another version.",
    nextStep: "Check the address in ROLLCALL_URL, and use the `rollcall` that comes with the server.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

/** One thing wrong with one field. `pointer` is an RFC 6901 JSON Pointer into the request body, e.g. `/mapping/rules/0/target`. */
export type FieldProblem = { readonly pointer: string; readonly message: string };

type ErrorOptionsWithFacts = {
  readonly cause?: unknown;
  /** Facts for logs and API answers; never a secret, never a whole vendor body. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly problems?: readonly FieldProblem[];
};

/** The base of every expected failure. The message names the thing and the next step. */
export class ProductError extends Error {
  override readonly name = "ProductError";
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly problems: readonly FieldProblem[];

  constructor(code: ErrorCode, message: string, options: ErrorOptionsWithFacts = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.problems = options.problems ?? [];
  }

  get family(): ErrorFamily {
    return errorTable[this.code].family;
  }
}
