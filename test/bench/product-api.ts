import { randomUUID } from "node:crypto";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { FloorTarget } from "./measure-floor.ts";

export type Api = <Body>(method: string, path: string, body?: unknown) => Promise<Body>;

/** Calls of the API of a running product; anything but success is an error that shows the answer. */
export function apiOf(url: string, token: string): Api {
  return async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer as Body;
  };
}

/** Eight fields of a person and a SaaS user; the vendor's limit per minute is out of the way, since it would be all that is measured. */
export async function launch(api: Api, { url, clientId, clientSecret }: FloorTarget): Promise<Integration> {
  // A database that was kept has those of earlier measurements.
  const name = `bench ${randomUUID()}`;
  const credential = await api<{ id: string }>("POST", "/credentials", {
    name,
    kind: "ironclad-clickwrap",
    values: { clientId, clientSecret },
  });
  const created = await api<Integration>("POST", "/integrations", {
    name,
    connector: "ironclad-clickwrap",
    credentialId: credential.id,
    mode: "user-plus-saas",
    deactivate: true,
    inputs: { baseUrl: url, requestsPerMinute: 100_000 },
  });
  return api("POST", `/integrations/${created.id}/launch`);
}
