const key = "rollcall.reloaded-at";
const onceIn = 60_000;

/**
 * A tab that was open while the server was upgraded asks for files that are gone. It loads itself anew, at the address where it is; not
 * twice within a minute, so that a server whose files are missing gets an error on the screen and no endless reloading.
 * https://vite.dev/guide/build#load-error-handling
 */
export function reloadAfterUpgrade(): void {
  window.addEventListener("vite:preloadError", (event) => {
    const before = Number(sessionStorage.getItem(key) ?? 0);
    if (Date.now() - before < onceIn) return;
    event.preventDefault();
    sessionStorage.setItem(key, String(Date.now()));
    window.location.reload();
  });
}
