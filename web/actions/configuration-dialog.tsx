import type { ProvisionUserMutation } from '../api/generated/pages/graphql.ts';
import { t } from '../text/i18n.ts';
import { dateTime } from '../text/times.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { nameOf } from './use-actions.ts';

export interface ConfigurationDialogProps {
  readonly made: ProvisionUserMutation['provisionUser'];
  readonly onClose: () => void;
}

/** Shows the configuration of a new user, which cannot be shown again. */
export function ConfigurationDialog({ made, onClose }: ConfigurationDialogProps) {
  const { user, configuration, qrSvg, link } = made;
  const url = `${location.origin}${link.path}`;
  const picture = `data:image/svg+xml,${encodeURIComponent(qrSvg)}`;
  return (
    <Dialog title={t('user.created', { name: nameOf(user) })} onClose={onClose} mustBeConfirmed>
      <p>{t('configuration.once')}</p>
      <div className="configuration">
        <img src={picture} alt={t('configuration.qr')} width="240" height="240" />
        <div className="stack">
          <button
            type="button"
            className="primary"
            onClick={() => save(configuration, fileNameOf(made))}
          >
            <Icon name="download" />
            {t('configuration.download')}
          </button>
          <div>
            <div className="label">
              {t('configuration.link', { until: dateTime(link.expiresAt) })}
            </div>
            <div className="with-unit">
              <code className="truncate" title={url}>
                {url}
              </code>
              <CopyButton text={url} what={t('configuration.linkName')} />
            </div>
          </div>
        </div>
      </div>
      <details>
        <summary>{t('configuration.show')}</summary>
        <div className="with-unit">
          <pre className="mono">{configuration}</pre>
          <CopyButton text={configuration} what={t('configuration.name')} />
        </div>
      </details>
      <div className="dialog-foot">
        <button type="button" className="primary" onClick={onClose}>
          {t('configuration.done')}
        </button>
      </div>
    </Dialog>
  );
}

/** WireGuard names an interface after its file: at most 15 characters of these. */
function fileNameOf({ user }: ConfigurationDialogProps['made']): string {
  const name = nameOf(user)
    .normalize('NFKD')
    .replace(/[^\w=+.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return `${name.slice(0, 15) || `user-${user.id}`}.conf`;
}

function save(text: string, fileName: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = fileName;
  anchor.click();
  URL.revokeObjectURL(url);
}
