import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import type { FileField } from '../../../rules/forms/form.ts';
import { useUploads } from '../data/uploads.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { UploadList } from '../parts/upload-list.tsx';
import type { ControlProps } from './control-props.ts';
import { useNames } from './answer-names.ts';
import styles from './form-view.module.css';

const accepted = { image: 'image/*', video: 'video/*', audio: 'audio/*', pdf: 'application/pdf', document: '.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt,.csv,.odt,.ods' } as const;

/** Files of a field (附件): chosen, dropped or pasted; sent while one goes on. */
export function FileControl({ field, id, value, invalid, describedBy, onChange, onLeave }: ControlProps<FileField>) {
  const { t } = useTexts();
  const names = useNames();
  const picker = useRef<HTMLInputElement>(null);
  const held = Array.isArray(value) ? value.map(String) : [];
  const { uploads, ready, refusal, add, retry, remove } = useUploads([], () => {});
  const told = useRef(new Set<string>());
  const latest = useRef({ held, onChange });
  useEffect(() => {
    latest.current = { held, onChange };
  });
  const arrived = ready.map((file) => file.id).join();
  useEffect(() => {
    const news = arrived.split(',').filter((one) => one !== '' && !told.current.has(one));
    for (const one of news) told.current.add(one);
    if (news.length > 0) latest.current.onChange([...latest.current.held.filter((one) => !news.includes(one)), ...news]);
  }, [arrived]);
  const most = field.maxItems ?? 20;
  // What is in the list below is told there; the others were here before.
  const before = held.filter((one) => !ready.some((file) => file.id === one));
  return (
    <div
      className={styles.drop}
      data-invalid={invalid || undefined}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes('Files')) event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        add([...event.dataTransfer.files].slice(0, most - held.length));
      }}
      onPaste={(event) => {
        if (event.clipboardData.files.length === 0) return;
        event.preventDefault();
        event.stopPropagation();
        add([...event.clipboardData.files].slice(0, most - held.length));
      }}
    >
      <Button id={id} size="small" icon={<Icon name="paperclip" size={14} />} disabled={held.length >= most} aria-describedby={describedBy} onClick={() => picker.current?.click()} onBlur={onLeave}>
        {t('form.addFiles')}
      </Button>
      <span className={styles.dropHint}>{t('form.dropFiles', { count: most })}</span>
      <input
        ref={picker}
        type="file"
        multiple={most > 1}
        accept={field.accept?.map((family) => accepted[family]).join(',')}
        style={{ display: 'none' }}
        tabIndex={-1}
        aria-label={t('form.addFiles')}
        onChange={(event) => {
          add([...(event.target.files ?? [])].slice(0, most - held.length));
          event.target.value = '';
        }}
      />
      {before.length > 0 && (
        <ul className={styles.files}>
          {before.map((one, index) => (
            <li key={one}>
              <a href={`/api/v1/files/${one}`} target="_blank" rel="noreferrer"><Icon name="paperclip" size={14} /> {names[one] ?? t('form.file', { number: index + 1 })}</a>
              <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={t('upload.remove', { name: names[one] ?? '' })} onClick={() => onChange(held.filter((other) => other !== one))} />
            </li>
          ))}
        </ul>
      )}
      <UploadList
        uploads={uploads}
        refusal={refusal}
        onRetry={retry}
        onRemove={(key) => {
          const file = uploads.find((upload) => upload.key === key)?.file;
          remove(key);
          if (file !== undefined) onChange(held.filter((one) => one !== file.id));
        }}
      />
    </div>
  );
}
