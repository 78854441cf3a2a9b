import { AppShell, Burger, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { paths } from "../paths.ts";
import { Link } from "../ui/Link.tsx";
import { Navigation } from "./Navigation.tsx";
import { NotificationBell } from "./NotificationBell.tsx";
import { ProfileMenu } from "./ProfileMenu.tsx";
import classes from "./Shell.module.css";

/** What stands around every page. */
export function Shell() {
  const [opened, menu] = useDisclosure(false);
  const main = useFocusOnNewPage();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: "md", collapsed: { mobile: !opened } }}
      padding={0}
      className={classes.shell}
    >
      <a href="#main" className="skip-link">
        Skip to the content
      </a>
      <AppShell.Header className={classes.bar}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={menu.toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={opened ? "Close the menu" : "Open the menu"}
              aria-expanded={opened}
            />
            <Link to={paths.home()} className={classes.brand} underline="never" aria-label="Rollcall, home">
              <img src="/favicon.svg" alt="" width={26} height={26} />
              Rollcall
            </Link>
          </Group>
          <Group gap={6} wrap="nowrap">
            <NotificationBell />
            <ProfileMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className={`${classes.bar} ${classes.menu}`} aria-label="Main menu">
        <Navigation onNavigate={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} ref={main}>
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}

/** A new page takes the focus, so that keyboard and screen reader start at its top and not in the menu. */
function useFocusOnNewPage() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
