/** Every address of the console is made here, so that no link can lead nowhere. */
export const paths = {
  home: () => "/",
  signIn: (next?: string) => (next === undefined ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`),
  start: () => "/start",
  welcome: () => "/welcome",
  profile: () => "/profile",
  notifications: () => "/notifications",
  people: (query: Query = {}) => withQuery("/people", query),
  person: (id: string, tab?: string) => withQuery(`/people/${encodeURIComponent(id)}`, { tab }),
  saas: (query: Query = {}) => withQuery("/saas", query),
  saasApplication: (id: string, tab?: string, q?: string) => withQuery(`/saas/${encodeURIComponent(id)}`, { tab, q }),
  catalog: () => "/catalog",
  integrations: (query: Query = {}) => withQuery("/integrations", query),
  integration: (id: string) => `/integrations/${encodeURIComponent(id)}`,
  mapping: (id: string) => `/integrations/${encodeURIComponent(id)}/mapping`,
  revisions: (id: string) => `/integrations/${encodeURIComponent(id)}/revisions`,
  credentials: (query: Query = {}) => withQuery("/credentials", query),
  credential: (id: string) => `/credentials/${encodeURIComponent(id)}`,
  newCredential: (query: Query = {}) => withQuery("/credentials/new", query),
  tokens: () => "/api-tokens",
  audit: (query: Query = {}) => withQuery("/audit", query),
  destinations: () => "/destinations",
  newDestination: () => "/destinations/new",
  destination: (id: string, query: Query = {}) => withQuery(`/destinations/${encodeURIComponent(id)}`, query),
  runners: () => "/runners",
  fields: () => "/fields",
  accounts: () => "/accounts",
  settings: () => "/settings",
  runs: (query: Query = {}) => withQuery("/runs", query),
  run: (id: string, tab?: string) => withQuery(`/runs/${encodeURIComponent(id)}`, { tab }),
} as const;

type Query = Readonly<Record<string, string | undefined>>;

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
