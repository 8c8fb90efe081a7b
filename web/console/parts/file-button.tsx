import { Button, Tooltip } from 'antd';
import { useRef } from 'react';
import { useTexts } from '../i18n.ts';
import { Icon } from './icon.tsx';

/** Chooses files to attach (添加附件); as an icon alone where there is little room. */
export function FileButton({ onFiles, iconOnly = false }: { onFiles: (files: File[]) => void; iconOnly?: boolean }) {
  const { t } = useTexts();
  const picker = useRef<HTMLInputElement>(null);
  const choose = (): void => picker.current?.click();
  return (
    <>
      {iconOnly ? (
        <Tooltip title={t('composer.attach')}>
          <Button type="text" icon={<Icon name="paperclip" />} aria-label={t('composer.attach')} onClick={choose} />
        </Tooltip>
      ) : (
        <Button size="small" icon={<Icon name="paperclip" size={14} />} onClick={choose}>
          {t('composer.attach')}
        </Button>
      )}
      <input
        ref={picker}
        type="file"
        multiple
        // The hidden attribute alone loses against antd's styles for inputs in forms.
        style={{ display: 'none' }}
        tabIndex={-1}
        aria-label={t('composer.attach')}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}
