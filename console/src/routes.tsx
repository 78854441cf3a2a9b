import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";
import { ErrorState } from "./components/ErrorState.tsx";
import { LoadingTable } from "./components/LoadingTable.tsx";
import { NotFoundPage } from "./pages/NotFoundPage.tsx";
import { SignedIn } from "./session/SignedIn.tsx";

/** The map of the console: every address and the page it opens. Pages are loaded when they are first opened. */

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

const inside = createRoute({ getParentRoute: () => root, id: "inside", component: SignedIn });

type Module = Readonly<Record<string, React.ComponentType>>;

function page(path: string, load: () => Promise<Module>, name: string) {
  return createRoute({ getParentRoute: () => inside, path, component: lazyRouteComponent(load, name) });
}

function outsidePage(path: string, load: () => Promise<Module>, name: string) {
  return createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, name) });
}

const routeTree = root.addChildren([
  outsidePage("/sign-in", () => import("./pages/sign-in/SignInPage.tsx"), "SignInPage"),
  outsidePage("/start", () => import("./pages/sign-in/FirstStartPage.tsx"), "FirstStartPage"),
  outsidePage("/invitation", () => import("./pages/sign-in/InvitationPage.tsx"), "InvitationPage"),
  inside.addChildren([
    page("/", () => import("./pages/home/HomePage.tsx"), "HomePage"),
    page("/welcome", () => import("./pages/home/WelcomePage.tsx"), "WelcomePage"),
    page("/profile", () => import("./pages/profile/ProfilePage.tsx"), "ProfilePage"),
    page("/notifications", () => import("./pages/home/NotificationsPage.tsx"), "NotificationsPage"),
    page("/people", () => import("./pages/people/PeoplePage.tsx"), "PeoplePage"),
    page("/people/$id", () => import("./pages/people/PersonPage.tsx"), "PersonPage"),
    page("/saas", () => import("./pages/software/SaasPage.tsx"), "SaasPage"),
    page("/saas/$id", () => import("./pages/software/ApplicationPage.tsx"), "ApplicationPage"),
    page("/catalog", () => import("./pages/software/CatalogPage.tsx"), "CatalogPage"),
    page("/integrations", () => import("./pages/integrations/IntegrationsPage.tsx"), "IntegrationsPage"),
    page("/integrations/$id", () => import("./pages/integration/IntegrationPage.tsx"), "IntegrationPage"),
    page("/integrations/$id/mapping", () => import("./pages/mapping/MappingPage.tsx"), "MappingPage"),
    page("/integrations/$id/revisions", () => import("./pages/integration/RevisionsPage.tsx"), "RevisionsPage"),
    page("/credentials", () => import("./pages/credentials/CredentialsPage.tsx"), "CredentialsPage"),
    page("/credentials/new", () => import("./pages/credentials/NewCredentialPage.tsx"), "NewCredentialPage"),
    page("/credentials/$id", () => import("./pages/credentials/CredentialPage.tsx"), "CredentialPage"),
    page("/api-tokens", () => import("./pages/tokens/TokensPage.tsx"), "TokensPage"),
    page("/audit", () => import("./pages/audit/AuditPage.tsx"), "AuditPage"),
    page("/destinations", () => import("./pages/destinations/DestinationsPage.tsx"), "DestinationsPage"),
    page("/destinations/new", () => import("./pages/destinations/NewDestinationPage.tsx"), "NewDestinationPage"),
    page("/destinations/$id", () => import("./pages/destinations/DestinationPage.tsx"), "DestinationPage"),
    page("/runners", () => import("./pages/runners/RunnersPage.tsx"), "RunnersPage"),
    page("/fields", () => import("./pages/fields/FieldsPage.tsx"), "FieldsPage"),
    page("/accounts", () => import("./pages/accounts/AccountsPage.tsx"), "AccountsPage"),
    page("/settings", () => import("./pages/settings/SettingsPage.tsx"), "SettingsPage"),
    page("/runs", () => import("./pages/runs/RunsPage.tsx"), "RunsPage"),
    page("/runs/$id", () => import("./pages/runs/RunPage.tsx"), "RunPage"),
  ]),
]);

export function createConsoleRouter() {
  return createRouter({
    routeTree,
    // Filters are plain words in the address: ?status=active&q=anna.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
      return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
    },
    defaultPendingComponent: () => <LoadingTable />,
    defaultPendingMs: 150,
    defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
    scrollRestoration: true,
  });
}
