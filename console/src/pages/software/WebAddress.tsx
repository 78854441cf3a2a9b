/** An address that somebody entered: a link only when a browser opens it as a page. */
export function WebAddress({ url }: { readonly url: string }) {
  if (!/^https?:\/\//i.test(url)) return <span className="wrap-anywhere">{url}</span>;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer noopener"
      className="wrap-anywhere"
      style={{ color: "var(--accent-ink)" }}
    >
      {url}
    </a>
  );
}
