import type { ClaimedMessage } from "./outbox-store.ts";

export type EmailText = { readonly subject: string; readonly text: string; readonly html: string };

/** A message as an e-mail: what happened, why, what to do, and where to look. */
export function emailText(message: ClaimedMessage, publicUrl: string): EmailText {
  const title = oneLine(message.title);
  const link = `${publicUrl}${message.path}`;
  const at = `${message.at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const footer = `You get this because you are a contact or an administrator. To get it in the console alone: ${publicUrl}/notifications`;
  return {
    subject: `[Rollcall] ${title.slice(0, 200)}`,
    text: [title, "", message.reason, "", `Next step: ${message.nextStep}`, "", link, at, "", "-- ", footer, ""].join(
      "\n",
    ),
    html: htmlOf({ ...message, title, link, at, footer }),
  };
}

type Shown = Pick<ClaimedMessage, "title" | "reason" | "nextStep" | "kind"> & {
  readonly link: string;
  readonly at: string;
  readonly footer: string;
};

// Tables and inline styles, since mail programs know little else; no image, so nothing is fetched when it is read.
function htmlOf({ title, reason, nextStep, kind, link, at, footer }: Shown): string {
  const colour = kind === "raised" ? "#b42318" : "#067647";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title></head>
<body style="margin:0;padding:24px;background:#f4f4f5;font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;color:#18181b">
<table role="presentation" width="100%" style="max-width:600px;margin:0 auto;background:#ffffff;border-top:4px solid ${colour}"><tr><td style="padding:24px">
<h1 style="font-size:18px;margin:0 0 12px">${escaped(title)}</h1>
<p style="margin:0 0 12px">${escaped(reason)}</p>
<p style="margin:0 0 20px"><strong>Next step:</strong> ${escaped(nextStep)}</p>
<p style="margin:0 0 20px"><a href="${escaped(link)}" style="color:#1d4ed8">${escaped(link)}</a></p>
<p style="margin:0;font-size:12px;color:#52525b">${escaped(at)}</p>
</td></tr></table>
<p style="max-width:600px;margin:12px auto;font-size:12px;color:#52525b">${escaped(footer)}</p>
</body></html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A name may have been pasted with its line breaks. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
