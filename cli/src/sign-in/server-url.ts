import { wrongUse } from "../wrong-use.ts";

/** The server's address without a slash at its end. Throws ProductError `cli.wrong_use` when it is none. */
export function serverUrl(text: string): string {
  const url = URL.parse(text.trim());
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw wrongUse(`"${text}" is no address of a server. One looks like https://rollcall.example.com.`);
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw wrongUse("The address of the server may hold no user name, no password, no ? and no #.");
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}
