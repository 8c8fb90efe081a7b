import { App, Button, Tooltip } from 'antd';
import { useTexts } from '../i18n.ts';
import { Icon } from './icon.tsx';

/** Copies a text and says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTexts();
  const { message } = App.useApp();
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      void message.success(t('common.copied'));
    } catch {
      // Without HTTPS a browser keeps the clipboard closed.
      void message.warning(t('common.copyFailed'));
    }
  }
  return (
    <Tooltip title={label}>
      <Button type="text" size="small" icon={<Icon name="copy" size={14} />} aria-label={label} onClick={() => void copy()} />
    </Tooltip>
  );
}
