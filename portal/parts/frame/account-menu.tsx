/** Who is signed in, in which tenant, and how to leave; and the choice of light and dark. */
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { Header } from "react-aria-components/Header";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { type SignedIn, signOut, switchUser } from "../../api/session.ts";
import { Icon } from "../icon.tsx";
import { applyTheme, chosenTheme, type Theme } from "./theme.ts";

const THEMES: readonly (readonly [Theme, string])[] = [
  ["light", "Light"],
  ["dark", "Dark"],
  ["system", "As the system has it"],
];

export default function AccountMenu({ user }: { readonly user: SignedIn }) {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (chosen: Theme) => {
    applyTheme(chosen);
    setTheme(chosen);
  };
  return (
    <MenuTrigger>
      <Button className="top-button account-button" aria-label={`Account: ${user.username}`}>
        <span className="account-name">{user.username}</span>
        <Icon name="open" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu">
          <MenuSection>
            <Header className="menu-header">
              <strong>{user.name}</strong>
              <span>{user.username}</span>
              <span>Directory (tenant) ID: {user.tenantId}</span>
            </Header>
            <MenuItem className="menu-item" onAction={() => void switchUser()}>
              Sign in as another user
            </MenuItem>
            <MenuItem className="menu-item" onAction={() => void signOut()}>
              Sign out
            </MenuItem>
          </MenuSection>
          <MenuSection
            selectionMode="single"
            selectedKeys={[theme]}
            onSelectionChange={(keys) => choose([...(keys as Set<Theme>)][0] ?? theme)}
          >
            <Header className="menu-header">Appearance</Header>
            {THEMES.map(([id, name]) => (
              <MenuItem key={id} id={id} className="menu-item">
                {name}
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
