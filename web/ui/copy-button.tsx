import { t } from '../text/i18n.ts';
import { Icon } from './icon.tsx';
import { toast } from './toasts.tsx';

/** `what` names what is copied. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const copy = async () => {
    await copyText(text);
    toast({ text: t('action.copied') });
  };
  return (
    <button
      type="button"
      className="plain icon-button"
      aria-label={t('action.copyWhat', { what })}
      title={t('action.copyWhat', { what })}
      onClick={() => void copy()}
    >
      <Icon name="copy" />
    </button>
  );
}

/** Over plain HTTP, browsers have no clipboard for pages; there the selection is copied. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
