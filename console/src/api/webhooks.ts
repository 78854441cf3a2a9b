import type { CreateWebhook, UpdateWebhook, Webhook } from "@rollcall/core/contract/webhooks.ts";
import { callApi } from "./client.ts";
import { shortListOptions } from "./list-options.ts";

const webhookPath = (id: string) => `/webhooks/${encodeURIComponent(id)}`;

export const allWebhooksOptions = () => shortListOptions<Webhook>("/webhooks");

/** The answer has the secret that signs, this once. */
export const createWebhook = (body: CreateWebhook) =>
  callApi<Webhook & { readonly secret: string }>("POST", "/webhooks", { body });
export const updateWebhook = (id: string, body: UpdateWebhook) => callApi<Webhook>("PATCH", webhookPath(id), { body });
export const deleteWebhook = (id: string) => callApi<null>("DELETE", webhookPath(id));
export const testWebhook = (id: string) => callApi<unknown>("POST", `${webhookPath(id)}/test`);
