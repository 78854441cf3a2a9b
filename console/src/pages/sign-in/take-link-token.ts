/** What stands after the # in a one-time link. The address then does not show it any more. */
export function takeLinkToken(): string {
  const token = window.location.hash.slice(1);
  if (token !== "") window.history.replaceState(window.history.state, "", window.location.pathname);
  return token;
}
