/** A user who logs in to one node, and the line with which. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { batchOf } from "../../api/batch.ts";
import { Choice } from "../../parts/choice.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextBox } from "../../parts/text-box.tsx";

interface Props {
  readonly account: string;
  readonly pool: string;
  readonly node: string;
  onClose(): void;
}

const KINDS = [
  ["user", "User"],
  ["admin", "Administrator of the node"],
] as const;
const HOURS = [
  ["1", "In an hour"],
  ["24", "In a day"],
  ["168", "In a week"],
] as const;
const HOUR_MS = 3_600_000;

export function NodeUserDialog({ account, pool, node, onClose }: Props) {
  const batch = batchOf(account);
  const [name, setName] = useState("");
  const [key, setKey] = useState("");
  const [password, setPassword] = useState("");
  const [kind, setKind] = useState<string>("user");
  const [hours, setHours] = useState<string>("24");
  const adding = useMutation({
    mutationFn: async () => {
      const expiryTime = new Date(Date.now() + Number(hours) * HOUR_MS).toISOString();
      await batch.nodeUserAdd(pool, node, {
        name,
        isAdmin: kind === "admin",
        expiryTime,
        ...(key.trim() !== "" && { sshPublicKey: key.trim() }),
        ...(password !== "" && { password }),
      });
      const { remoteLoginIPAddress, remoteLoginPort } = await batch.nodeLogin(pool, node);
      return `ssh -p ${remoteLoginPort} ${name}@${remoteLoginIPAddress}`;
    },
    meta: { notice: `Add the user ${name} to ${node}` },
    // Nothing keeps the password but the form.
    gcTime: 0,
  });
  const line = adding.data;
  return (
    <FormDialog
      isOpen
      title={`Add a user to ${node}`}
      submit={line === undefined ? "Add" : "Done"}
      isPending={adding.isPending}
      isIncomplete={name === "" || (key.trim() === "" && password === "")}
      error={adding.error}
      onSubmit={() => (line === undefined ? adding.mutate() : onClose())}
      onClose={onClose}
    >
      {line === undefined ? (
        <>
          <TextBox label="User name" value={name} onChange={setName} isRequired isFirst />
          <TextBox
            label="SSH public key"
            isLong
            value={key}
            onChange={setKey}
            description="One line, as OpenSSH writes it; or a password"
          />
          <TextBox label="Password" type="password" value={password} onChange={setPassword} />
          <Choice label="Kind" value={kind} options={KINDS} onChange={setKind} />
          <Choice label="Ends" value={hours} options={HOURS} onChange={setHours} />
        </>
      ) : (
        <div role="status">
          <p>{name} logs in with</p>
          <p className="command-line">
            <code>{line}</code>
            <CopyButton value={line} name="the command" />
          </p>
        </div>
      )}
    </FormDialog>
  );
}
