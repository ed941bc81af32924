/** The packages of one application. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  type Application,
  applicationChange,
  type Package,
  packageActivate,
  packageDelete,
  packagesList,
  packageUpload,
} from "../../api/packages.ts";
import { useMayHere } from "../../parts/account.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { useRemoval } from "../../parts/list/removal.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TextBox } from "../../parts/text-box.tsx";
import { TimeText } from "../../parts/time-text.tsx";

interface Props {
  readonly application: Application;
  onChanged(): void;
  onDelete(): void;
}

const PERMISSION = "Microsoft.Batch/batchAccounts/applications";

export function PackageList({ application, onChanged, onDelete }: Props) {
  const may = useMayHere();
  const {
    data = [],
    error,
    refetch,
  } = useQuery({
    queryKey: ["packages", application.id],
    queryFn: () => packagesList(application),
  });
  const [isUploading, setUploading] = useState(false);
  const changed = () => {
    void refetch();
    onChanged();
  };
  const acting = useMutation({
    meta: { notice: "Change an application package" },
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSettled: changed,
  });
  const removal = useRemoval<Package>({
    what: "an application package",
    missing: may.action(`${PERMISSION}/versions/delete`),
    remove: packageDelete,
    changed,
  });
  const isDefault = (version: string) => version === application.properties.defaultVersion;
  const columns: readonly Column<Package>[] = [
    { name: "Version", render: ({ name }) => (isDefault(name) ? `${name} (default)` : name) },
    { name: "State", render: ({ properties: { state } }) => <StateBadge state={state} /> },
    {
      name: "Activated",
      minWidth: 190,
      render: ({ properties }) => <TimeText at={properties.lastActivationTime} />,
    },
    {
      name: "Actions",
      minWidth: 240,
      render: (each) => (
        <span className="section-actions">
          <ActionButton
            name="Activate"
            isDisabled={acting.isPending || each.properties.state === "Active"}
            missing={may.action(`${PERMISSION}/versions/activate/action`)}
            onPress={() => acting.mutate(() => packageActivate(each))}
          />
          <ActionButton
            name="Make default"
            isDisabled={acting.isPending || isDefault(each.name)}
            missing={may.action(`${PERMISSION}/write`)}
            onPress={() => acting.mutate(() => applicationChange(application, { defaultVersion: each.name }))}
          />
        </span>
      ),
    },
    removal.column,
  ];
  return (
    <section className="card wide" aria-label={`Application ${application.name}`}>
      <h2>{application.properties.displayName ?? application.name}</h2>
      <p className="kind">{application.name}</p>
      <div className="section-actions">
        <ActionButton
          name="Upload package"
          missing={may.action(`${PERMISSION}/versions/write`)}
          onPress={() => setUploading(true)}
        />
        <ActionButton
          name="Delete application"
          missing={may.action(`${PERMISSION}/delete`)}
          onPress={onDelete}
        />
      </div>
      <RefusalNotice error={error ?? acting.error} />
      {removal.notices}
      <DataTable
        label={`Packages of ${application.name}`}
        columns={columns}
        items={data}
        keyOf={({ id }) => id}
        empty={<p className="nothing">It has no package yet.</p>}
      />
      {isUploading && (
        <UploadDialog
          application={application}
          onClose={() => {
            setUploading(false);
            void refetch();
          }}
        />
      )}
    </section>
  );
}

const PERCENT = 100;

function UploadDialog({ application, onClose }: { readonly application: Application; onClose(): void }) {
  const [version, setVersion] = useState("");
  const [file, setFile] = useState<File>();
  const [part, setPart] = useState(0);
  const uploading = useMutation({
    meta: { notice: `Upload the package ${version}` },
    mutationFn: async () => file && packageUpload(application, version, file, setPart),
    onSuccess: onClose,
  });
  return (
    <FormDialog
      isOpen
      title={`Upload a package of ${application.name}`}
      submit="Upload and activate"
      isPending={uploading.isPending}
      isIncomplete={version === "" || file === undefined}
      error={uploading.error}
      onSubmit={() => uploading.mutate()}
      onClose={onClose}
    >
      <TextBox label="Version" value={version} onChange={setVersion} isRequired isFirst />
      <label className="field">
        <span className="label">Zip archive</span>
        <input
          type="file"
          accept=".zip,application/zip"
          onChange={({ currentTarget }) => setFile(currentTarget.files?.[0])}
        />
      </label>
      {uploading.isPending && (
        <progress aria-label="Uploaded" max={PERCENT} value={Math.round(part * PERCENT)} />
      )}
    </FormDialog>
  );
}
