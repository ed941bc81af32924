/** Asks once more before something that cannot be undone. */
import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

interface Props {
  readonly isOpen: boolean;
  readonly title: string;
  /** What the button says. */
  readonly confirm: string;
  onConfirm(): void;
  onClose(): void;
  readonly children: ReactNode;
}

export function ConfirmDialog({ isOpen, title, confirm, onConfirm, onClose, children }: Props) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      onOpenChange={(open) => open || onClose()}
      isDismissable
    >
      <Modal className="dialog">
        <Dialog role="alertdialog">
          <Heading slot="title">{title}</Heading>
          <p>{children}</p>
          <div className="dialog-buttons">
            <Button
              className="button dangerous"
              onPress={() => {
                onConfirm();
                onClose();
              }}
            >
              {confirm}
            </Button>
            <Button className="button" onPress={onClose} autoFocus>
              Cancel
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
