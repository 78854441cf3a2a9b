import { NavLink } from "@mantine/core";
import { useLocation } from "@tanstack/react-router";
import { useSession } from "../session/session-context.ts";
import { useOpenLink } from "../ui/Link.tsx";
import classes from "./Navigation.module.css";
import { type NavigationItem, navigation } from "./navigation.ts";

/** The menu at the left: what the signed-in account may see. */
export function Navigation({ onNavigate }: { readonly onNavigate: () => void }) {
  const { permissions } = useSession();
  return (
    <>
      {navigation.map(({ label, items }) => {
        const visible = items.filter(({ permission }) => permissions.includes(permission));
        if (visible.length === 0) return null;
        return (
          <section key={label ?? ""} className={classes.group} aria-label={label ?? "Overview"}>
            {label !== null && <div className={classes.label}>{label}</div>}
            {visible.map((item) => (
              <Item key={item.to} item={item} onNavigate={onNavigate} />
            ))}
          </section>
        );
      })}
    </>
  );
}

function Item({ item, onNavigate }: { readonly item: NavigationItem; readonly onNavigate: () => void }) {
  const { pathname } = useLocation();
  const open = useOpenLink(item.to);
  const active = item.to === "/" ? pathname === "/" : pathname === item.to || pathname.startsWith(`${item.to}/`);
  const Sign = item.icon;
  return (
    <NavLink
      href={item.to}
      label={item.label}
      leftSection={<Sign size={18} stroke={1.7} aria-hidden />}
      active={active}
      aria-current={active ? "page" : undefined}
      className={classes.item}
      onClick={(event) => {
        open(event);
        onNavigate();
      }}
    />
  );
}
