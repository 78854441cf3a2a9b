// biome-ignore-all format: generated from server/migrations by `npm run generate`; do not edit.
import type { ColumnType } from "kysely";

/** The tables by name, as Kysely sees them. */
export type Tables = {
  readonly account: AccountTable;
  readonly alarm: AlarmTable;
  readonly api_token: ApiTokenTable;
  readonly audit_event: AuditEventTable;
  readonly beat: BeatTable;
  readonly bulk_sent: BulkSentTable;
  readonly catalog_entry: CatalogEntryTable;
  readonly change: ChangeTable;
  readonly credential: CredentialTable;
  readonly credential_token: CredentialTokenTable;
  readonly delivery_attempt: DeliveryAttemptTable;
  readonly destination: DestinationTable;
  readonly destination_delivery: DestinationDeliveryTable;
  readonly destination_integration: DestinationIntegrationTable;
  readonly destination_person: DestinationPersonTable;
  readonly destination_saas_user: DestinationSaasUserTable;
  readonly dispute: DisputeTable;
  readonly field_definition: FieldDefinitionTable;
  readonly integration: IntegrationTable;
  readonly integration_contact: IntegrationContactTable;
  readonly integration_revision: IntegrationRevisionTable;
  readonly inventory_count: InventoryCountTable;
  readonly leaver: LeaverTable;
  readonly link: LinkTable;
  readonly message: MessageTable;
  readonly notification: NotificationTable;
  readonly notification_preference: NotificationPreferenceTable;
  readonly one_time_link: OneTimeLinkTable;
  readonly outbox: OutboxTable;
  readonly password: PasswordTable;
  readonly person: PersonTable;
  readonly person_unique: PersonUniqueTable;
  readonly rate_grant: RateGrantTable;
  readonly run: RunTable;
  readonly run_error: RunErrorTable;
  readonly run_skip: RunSkipTable;
  readonly runner: RunnerTable;
  readonly runner_integration: RunnerIntegrationTable;
  readonly saas_user: SaasUserTable;
  readonly schedule: ScheduleTable;
  readonly seat_activity: SeatActivityTable;
  readonly session: SessionTable;
  readonly sign_in_attempt: SignInAttemptTable;
  readonly software: SoftwareTable;
  readonly webhook_endpoint: WebhookEndpointTable;
};

/** May be left out: the database has a default. */
type Defaulted<T> = T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;

/** Set by the database alone. */
type Computed<T> = T extends ColumnType<infer S, infer _I, infer _U> ? ColumnType<S, never, never> : ColumnType<T, never, never>;

/** Arrives as text, since a double does not hold it. */
type BigInteger = ColumnType<string, string | number | bigint, string | number | bigint>;

type Timestamp = ColumnType<Date, Date | string, Date | string>;

/** Arrives parsed; is written as text (`storableJson`), because the driver takes an array for a PostgreSQL array. */
type Json = ColumnType<unknown, string, string>;

type AccountTable = {
  readonly id: Defaulted<string>;
  readonly kind: Defaulted<"person" | "service">;
  readonly email: string | null;
  readonly name: string;
  readonly role: Defaulted<string>;
  readonly status: Defaulted<"active" | "disabled">;
  readonly created_at: Defaulted<Timestamp>;
  readonly updated_at: Defaulted<Timestamp>;
};

type AlarmTable = {
  readonly subject: "integration" | "credential" | "scheduler" | "destination";
  readonly subject_id: string;
  readonly trigger: "failed" | "incomplete" | "timed_out" | "did_not_start" | "needs_review" | "stale" | "credential_expiring" | "scheduler_dead" | "push_stopped";
  readonly open: boolean;
  readonly level: Defaulted<number>;
  readonly run_id: string | null;
  readonly changed_at: Timestamp;
};

type ApiTokenTable = {
  readonly id: Defaulted<string>;
  readonly account_id: string;
  readonly name: string;
  readonly token_hash: Buffer;
  readonly scopes: Defaulted<string[]>;
  readonly expires_at: Timestamp | null;
  readonly revoked_at: Timestamp | null;
  readonly created_at: Defaulted<Timestamp>;
};

type AuditEventTable = {
  readonly id: Computed<BigInteger>;
  readonly at: Defaulted<Timestamp>;
  readonly actor_id: string | null;
  readonly action: string;
  readonly target: string;
  readonly target_id: string | null;
  readonly details: Defaulted<Json>;
};

type BeatTable = {
  readonly name: string;
  readonly count: Defaulted<BigInteger>;
  readonly at: Timestamp;
};

type BulkSentTable = {
  readonly url: string;
  readonly connector: string;
  readonly sent_key: string;
  readonly remote_id: string | null;
};

type CatalogEntryTable = {
  readonly id: Defaulted<string>;
  readonly key: string;
  readonly name: string;
  readonly publisher: Defaulted<string>;
  readonly category: Defaulted<string>;
  readonly url: Defaulted<string>;
  readonly logo: string | null;
  readonly created_at: Defaulted<Timestamp>;
};

type ChangeTable = {
  readonly id: Defaulted<BigInteger>;
  readonly run_id: string | null;
  readonly actor_id: string | null;
  readonly integration_id: string | null;
  readonly vendor_key: string | null;
  readonly kind: "create" | "update" | "reactivate" | "deactivate" | "restore" | "archive" | "edit";
  readonly person_id: BigInteger | null;
  readonly saas_user_id: BigInteger | null;
  readonly before: Defaulted<Json>;
  readonly after: Defaulted<Json>;
  readonly reason: string | null;
  readonly withheld: string | null;
  readonly at: Defaulted<Timestamp>;
  readonly hash: Buffer;
};

type CredentialTable = {
  readonly id: Defaulted<string>;
  readonly name: string;
  readonly kind: string;
  readonly sealed: Json;
  readonly hints: Defaulted<Json>;
  readonly owner_id: string | null;
  readonly expires_on: string | null;
  readonly last_test: Json | null;
  readonly created_at: Defaulted<Timestamp>;
  readonly updated_at: Defaulted<Timestamp>;
};

type CredentialTokenTable = {
  readonly credential_id: string;
  readonly token_url: string;
  readonly sealed: string;
  readonly fingerprint: Buffer;
  readonly expires_at: Timestamp | null;
  readonly minted_at: Defaulted<Timestamp>;
};

type DeliveryAttemptTable = {
  readonly id: Computed<BigInteger>;
  readonly outbox_id: string;
  readonly at: Defaulted<Timestamp>;
  readonly ok: boolean;
  readonly status: number | null;
  readonly detail: string;
  readonly milliseconds: number;
};

type DestinationTable = {
  readonly id: Defaulted<string>;
  readonly name: string;
  readonly url: string;
  readonly credential_id: string;
  readonly enabled: Defaulted<boolean>;
  readonly sync_key: Defaulted<"username" | "email">;
  readonly fields: Json;
  readonly constants: Defaulted<Json>;
  readonly suspend_people: Defaulted<boolean>;
  readonly lease: string | null;
  readonly leased_until: Timestamp | null;
  readonly next_push_at: Defaulted<Timestamp>;
  readonly failures: Defaulted<number>;
  readonly problem: string | null;
  readonly last_push: Json | null;
  readonly created_at: Defaulted<Timestamp>;
  readonly updated_at: Defaulted<Timestamp>;
  readonly mode: Defaulted<"requests" | "bulk">;
  readonly bulk_connector: string | null;
  readonly bulk_portion: string | null;
  readonly bulk_portion_at: Timestamp | null;
};

type DestinationDeliveryTable = {
  readonly id: Computed<BigInteger>;
  readonly destination_id: string;
  readonly integration_id: string;
  readonly run_id: string | null;
  readonly change_id: BigInteger | null;
  readonly person_id: BigInteger;
  readonly saas_user_id: BigInteger | null;
  readonly state: Defaulted<"waiting" | "done" | "failed">;
  readonly attempts: Defaulted<number>;
  readonly due_at: Defaulted<Timestamp>;
  readonly actions: Defaulted<string[]>;
  readonly code: string | null;
  readonly problem: string | null;
  readonly created_at: Defaulted<Timestamp>;
  readonly ended_at: Timestamp | null;
};

type DestinationIntegrationTable = {
  readonly destination_id: string;
  readonly integration_id: string;
  readonly saas_name: string | null;
  readonly saas_id: string | null;
};

type DestinationPersonTable = {
  readonly destination_id: string;
  readonly person_id: BigInteger;
  readonly remote_id: string;
};

type DestinationSaasUserTable = {
  readonly destination_id: string;
  readonly saas_user_id: BigInteger;
  readonly state_id: string;
  readonly active: boolean;
};

type DisputeTable = {
  readonly integration_id: string;
  readonly vendor_key: string;
  readonly code: string;
  readonly candidates: Defaulted<string[]>;
  readonly first_run_id: string;
  readonly last_run_id: string;
  readonly answer: "link" | "create" | "ignore" | null;
  readonly answer_person_id: BigInteger | null;
  readonly answered_by: string | null;
  readonly answered_at: Timestamp | null;
};

type FieldDefinitionTable = {
  readonly id: Defaulted<string>;
  readonly entity: "person" | "saas-user";
  readonly name: string;
  readonly label: string;
  readonly type: "short-text" | "long-text" | "number" | "decimal" | "date-time" | "yes-no" | "choice";
  readonly is_unique: Defaulted<boolean>;
  readonly mandatory: Defaulted<boolean>;
  readonly editable: Defaulted<boolean>;
  readonly history: Defaulted<boolean>;
  readonly help: Defaulted<string>;
  readonly choices: Json | null;
  readonly built_in: Defaulted<boolean>;
  readonly position: Defaulted<number>;
  readonly created_at: Defaulted<Timestamp>;
};

type IntegrationTable = {
  readonly id: Defaulted<string>;
  readonly name: string;
  readonly connector: string;
  readonly status: Defaulted<"draft" | "active" | "paused" | "archived">;
  readonly credential_id: string | null;
  readonly mode: Defaulted<"user-only" | "user-plus-saas">;
  readonly software_id: string | null;
  readonly software_outcome: "chosen" | "found" | "created" | null;
  readonly deactivate: Defaulted<boolean>;
  readonly person_deactivation: Defaulted<"when-unseen" | "never">;
  readonly installation: Defaulted<"cloud" | "local">;
  readonly preference: Defaulted<"create-update" | "create-only" | "update-only">;
  readonly integration_user: string | null;
  readonly inputs: Defaulted<Json>;
  readonly schedule: Json;
  readonly mapping: Json;
  readonly filter: Json;
  readonly guard: Json;
  readonly revision: Defaulted<number>;
  readonly last_complete_run_id: string | null;
  readonly last_complete_started_at: Timestamp | null;
  readonly last_complete_credential: string | null;
  readonly last_test: Json | null;
  readonly created_at: Defaulted<Timestamp>;
  readonly updated_at: Defaulted<Timestamp>;
};

type IntegrationContactTable = {
  readonly integration_id: string;
  readonly account_id: string;
};

type IntegrationRevisionTable = {
  readonly integration_id: string;
  readonly number: number;
  readonly document: Json;
  readonly changed_by: string | null;
  readonly changed_at: Defaulted<Timestamp>;
};

type InventoryCountTable = {
  readonly software_id: string | null;
  readonly status: string;
  readonly archived: boolean;
  readonly rows: BigInteger;
};

type LeaverTable = {
  readonly person_id: BigInteger;
};

type LinkTable = {
  readonly integration_id: string;
  readonly vendor_key: string;
  readonly person_id: BigInteger;
  readonly saas_user_id: BigInteger | null;
  readonly content_hash: Buffer | null;
  readonly active: Defaulted<boolean>;
  readonly missing_runs: Defaulted<number>;
  readonly last_seen_at: Timestamp | null;
  readonly first_run_id: string | null;
};

type MessageTable = {
  readonly id: Defaulted<string>;
  readonly kind: "raised" | "recovered" | "test";
  readonly trigger: string;
  readonly integration_id: string | null;
  readonly credential_id: string | null;
  readonly run_id: string | null;
  readonly subject_name: string;
  readonly title: string;
  readonly reason: string;
  readonly next_step: string;
  readonly path: string;
  readonly at: Defaulted<Timestamp>;
  readonly destination_id: string | null;
};

type NotificationTable = {
  readonly id: Defaulted<string>;
  readonly message_id: string;
  readonly account_id: string;
  readonly read_at: Timestamp | null;
};

type NotificationPreferenceTable = {
  readonly account_id: string;
  readonly email: Defaulted<boolean>;
  readonly changed_at: Defaulted<Timestamp>;
};

type OneTimeLinkTable = {
  readonly token_hash: Buffer;
  readonly purpose: "start" | "invitation";
  readonly account_id: string | null;
  readonly expires_at: Timestamp;
};

type OutboxTable = {
  readonly id: Defaulted<string>;
  readonly channel: "email" | "webhook";
  readonly message_id: string;
  readonly account_id: string | null;
  readonly endpoint_id: string | null;
  readonly state: Defaulted<"waiting" | "sending" | "sent" | "failed" | "skipped">;
  readonly attempts: Defaulted<number>;
  readonly due_at: Defaulted<Timestamp>;
  readonly claim: string | null;
  readonly claimed_at: Timestamp | null;
  readonly sent_at: Timestamp | null;
  readonly last_error: string | null;
  readonly created_at: Defaulted<Timestamp>;
};

type PasswordTable = {
  readonly account_id: string;
  readonly hash: string;
  readonly changed_at: Timestamp;
};

type PersonTable = {
  readonly id: Defaulted<BigInteger>;
  readonly username: string;
  readonly email: string;
  readonly full_name: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly role: string;
  readonly locale: string | null;
  readonly time_zone: string | null;
  readonly attributes: Defaulted<Json>;
  readonly status: Defaulted<"active" | "inactive">;
  readonly status_by: Defaulted<"run" | "person">;
  readonly status_reason: string | null;
  readonly status_run_id: string | null;
  readonly protected: Defaulted<boolean>;
  readonly manual_fields: Defaulted<string[]>;
  readonly archived_at: Timestamp | null;
  readonly archived_by: "undo" | "person" | null;
  readonly created_by: string | null;
  readonly created_at: Defaulted<Timestamp>;
  readonly updated_at: Defaulted<Timestamp>;
  readonly username_key: Computed<string>;
  readonly email_key: Computed<string>;
  readonly search_text: Computed<string>;
};

type PersonUniqueTable = {
  readonly field: string;
  readonly value_key: string;
  readonly person_id: BigInteger;
};

type RateGrantTable = {
  readonly bucket: string;
  readonly id: Computed<BigInteger>;
  readonly granted_at: Defaulted<Timestamp>;
  readonly permissions: number;
};

type RunTable = {
  readonly id: Defaulted<string>;
  readonly integration_id: string;
  readonly kind: Defaulted<"sync" | "undo">;
  readonly of_run_id: string | null;
  readonly trigger: Defaulted<"manual" | "schedule" | "catch-up" | "undo" | "retry">;
  readonly requested_by: string | null;
  readonly dry_run: Defaulted<boolean>;
  readonly only_keys: string[] | null;
  readonly status: Defaulted<"queued" | "running" | "completed" | "completed_with_errors" | "incomplete" | "needs_review" | "empty" | "failed" | "cancelled" | "timed_out">;
  readonly stage: Defaulted<"waiting" | "fetching" | "planning" | "applying" | "finished">;
  readonly revision: number | null;
  readonly attempt: Defaulted<number>;
  readonly lease: string | null;
  readonly heartbeat_at: Timestamp | null;
  readonly cancel_requested_at: Timestamp | null;
  readonly checkpoint: Json | null;
  readonly progress: Defaulted<Json>;
  readonly coverage: Json | null;
  readonly counts: Defaulted<Json>;
  readonly error: Json | null;
  readonly plan: Defaulted<"none" | "open" | "applied" | "approved" | "rejected" | "stale" | "expired" | "undone">;
  readonly plan_expires_at: Timestamp | null;
  readonly guard: Json | null;
  readonly decided_by: string | null;
  readonly decided_at: Timestamp | null;
  readonly decision_reason: string | null;
  readonly applied_at: Timestamp | null;
  readonly chain_previous: Buffer | null;
  readonly chain_hash: Buffer | null;
  readonly queued_at: Defaulted<Timestamp>;
  readonly started_at: Timestamp | null;
  readonly finished_at: Timestamp | null;
  readonly due_at: Timestamp | null;
  readonly reader: Defaulted<"server" | "runner">;
  readonly runner_id: string | null;
  readonly lists: string[] | null;
};

type RunErrorTable = {
  readonly id: Computed<BigInteger>;
  readonly run_id: string;
  readonly kind: "rejected" | "field" | "disputed" | "skipped";
  readonly vendor_key: string | null;
  readonly code: string;
  readonly pointer: string | null;
  readonly field: string | null;
  readonly expected: string | null;
  readonly found: string | null;
  readonly details: Defaulted<Json>;
};

type RunSkipTable = {
  readonly id: Computed<BigInteger>;
  readonly integration_id: string;
  readonly active_run_id: string;
  readonly trigger: string;
  readonly requested_by: string | null;
  readonly at: Defaulted<Timestamp>;
  readonly due_at: Timestamp | null;
};

type RunnerTable = {
  readonly id: Defaulted<string>;
  readonly name: string;
  readonly all_integrations: boolean;
  readonly code_hash: Buffer | null;
  readonly code_expires_at: Timestamp | null;
  readonly token_hash: Buffer | null;
  readonly enrolled_at: Timestamp | null;
  readonly last_seen_at: Timestamp | null;
  readonly version: string | null;
  readonly created_by: string | null;
  readonly created_at: Defaulted<Timestamp>;
};

type RunnerIntegrationTable = {
  readonly runner_id: string;
  readonly integration_id: string;
};

type SaasUserTable = {
  readonly id: Defaulted<BigInteger>;
  readonly software_id: string;
  readonly person_id: BigInteger;
  readonly external_id: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly role: string | null;
  readonly last_activity: Timestamp | null;
  readonly activity_known: Defaulted<boolean>;
  readonly attributes: Defaulted<Json>;
  readonly status: Defaulted<"active" | "deactivated">;
  readonly status_by: Defaulted<"run" | "person">;
  readonly deactivated_reason: string | null;
  readonly deactivated_run_id: string | null;
  readonly archived_at: Timestamp | null;
  readonly created_at: Defaulted<Timestamp>;
  readonly updated_at: Defaulted<Timestamp>;
  readonly search_text: Computed<string>;
};

type ScheduleTable = {
  readonly integration_id: string;
  readonly document: Json;
  readonly paused: Defaulted<boolean>;
  readonly next_run_at: Timestamp | null;
  readonly last_due_at: Timestamp | null;
  readonly last_fired_at: Timestamp | null;
  readonly active_since: Timestamp;
};

type SeatActivityTable = {
  readonly software_id: string;
  readonly active_on: string | null;
  readonly rows: BigInteger;
};

type SessionTable = {
  readonly id: Defaulted<string>;
  readonly account_id: string;
  readonly token_hash: Buffer;
  readonly created_at: Timestamp;
  readonly last_used_at: Timestamp;
  readonly expires_at: Timestamp;
  readonly address: string;
  readonly user_agent: string;
};

type SignInAttemptTable = {
  readonly key: Buffer;
  readonly attempts: number;
  readonly started_at: Timestamp;
};

type SoftwareTable = {
  readonly id: Defaulted<string>;
  readonly name: string;
  readonly publisher: Defaulted<string>;
  readonly category: Defaulted<string>;
  readonly url: Defaulted<string>;
  readonly logo: string | null;
  readonly catalog_entry_id: string | null;
  readonly seats: number | null;
  readonly seat_cost: BigInteger | null;
  readonly currency: string | null;
  readonly created_at: Defaulted<Timestamp>;
  readonly updated_at: Defaulted<Timestamp>;
};

type WebhookEndpointTable = {
  readonly id: Defaulted<string>;
  readonly name: string;
  readonly url: string;
  readonly events: Defaulted<string[]>;
  readonly enabled: Defaulted<boolean>;
  readonly disabled_reason: string | null;
  readonly sealed_secret: string;
  readonly sealed_previous: string | null;
  readonly previous_expires_at: Timestamp | null;
  readonly created_at: Defaulted<Timestamp>;
  readonly updated_at: Defaulted<Timestamp>;
};
