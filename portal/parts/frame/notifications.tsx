/** What was set going from here, and what became of it. */
import { useSyncExternalStore } from "react";
import { Button } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Popover } from "react-aria-components/Popover";
import { Icon } from "../icon.tsx";
import { currentNotices, onNotices } from "../notices.ts";
import { StateBadge } from "../state-badge.tsx";
import { TimeText } from "../time-text.tsx";

export default function Notifications() {
  const notices = useSyncExternalStore(onNotices, currentNotices);
  const running = notices.filter(({ state }) => state === "running").length;
  return (
    <DialogTrigger>
      <Button
        className="top-button"
        aria-label={running === 0 ? "Notifications" : `Notifications, ${running} going on`}
      >
        <Icon name="bell" />
        {running > 0 && <span className="count-badge">{running}</span>}
      </Button>
      <Popover className="popover notifications" placement="bottom end">
        <Dialog>
          <Heading slot="title">Notifications</Heading>
          {notices.length === 0 && <p className="nothing">Nothing was done in this tab yet.</p>}
          <ul className="notice-list" aria-live="polite">
            {notices.map(({ id, text, state, at, error }) => (
              <li key={id}>
                <strong>{text}</strong>
                <StateBadge state={state} />
                {error instanceof Error && <span className="said">{error.message}</span>}
                <span className="kind">
                  <TimeText at={new Date(at).toISOString()} />
                </span>
              </li>
            ))}
          </ul>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
