/** A dialog in which something is filled in. What was typed stays there when the service refuses it. */
import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { Dialog } from "react-aria-components/Dialog";
import { Form } from "react-aria-components/Form";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { RefusalNotice } from "./refusal-notice.tsx";

interface Props {
  readonly isOpen: boolean;
  readonly title: string;
  /** What the button says. */
  readonly submit: string;
  readonly isPending: boolean;
  /** Something is still missing. */
  readonly isIncomplete?: boolean;
  readonly error: unknown;
  onSubmit(): void;
  onClose(): void;
  readonly children: ReactNode;
}

export function FormDialog(props: Props) {
  const {
    isOpen,
    title,
    submit,
    isPending,
    isIncomplete = false,
    error,
    onSubmit,
    onClose,
    children,
  } = props;
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={(open) => open || onClose()}>
      <Modal className="dialog">
        <Dialog>
          <Heading slot="title">{title}</Heading>
          <Form
            className="form"
            onSubmit={(event) => {
              event.preventDefault();
              if (!isPending) onSubmit();
            }}
          >
            {children}
            <RefusalNotice error={error} />
            <div className="dialog-buttons">
              {/* While it is sent the button keeps the focus: with the focus outside, Escape would close nothing. */}
              <Button
                type="submit"
                className="button primary"
                isPending={isPending}
                isDisabled={isIncomplete && !isPending}
              >
                {submit}
              </Button>
              <Button className="button" onPress={onClose}>
                Cancel
              </Button>
            </div>
          </Form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
