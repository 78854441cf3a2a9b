import { Anchor, type AnchorProps } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { type ComponentPropsWithRef, type MouseEvent, useEffect, useState } from "react";

type Props = AnchorProps &
  Omit<ComponentPropsWithRef<"a">, keyof AnchorProps | "href"> & {
    /** An address made by paths.ts. */
    readonly to: string;
  };

/** A link within the console: a real one, which opens without loading the page anew. */
export function Link({ to, onClick, ...props }: Props) {
  const open = useOpenLink(to);
  return (
    <Anchor
      href={to}
      onClick={(event) => {
        onClick?.(event);
        open(event);
      }}
      {...props}
    />
  );
}

/** What a click on a link within the console does; a click with a modifier key is the browser's. */
export function useOpenLink(to: string): (event: MouseEvent) => void {
  const router = useRouter();
  return (event) => {
    const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (event.defaultPrevented || modified) return;
    event.preventDefault();
    void router.navigate({ href: to });
  };
}

/** Goes to an address of paths.ts; `replace` leaves no step for the browser's back button. */
export function useGo(): (to: string, options?: { readonly replace?: boolean }) => void {
  const router = useRouter();
  return (to, options) => void router.navigate({ href: to, replace: options?.replace ?? false });
}

/** Shown instead of a page, leads to another one. */
export function Redirect({ to }: { readonly to: string }) {
  const router = useRouter();
  // The first address counts: while the way there is loaded, this is drawn again with the new location.
  const [target] = useState(to);
  useEffect(() => void router.navigate({ href: target, replace: true }), [router, target]);
  return null;
}
